"""Compiled networks: for which shapes of batches, when a batch runs uncompiled instead, and their files on disk."""

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch

from generation.engines.diffusers.cards import LoadSpec
from generation.engines.diffusers.worker.devices import dtype_for, offload

logger = logging.getLogger(__name__)

MOST_SHAPES = 64
"""Shapes that torch compiles one piece of code for before it gives up on it."""
SHARE = 0.5
"""A batch that fills less than this of its shape costs less uncompiled than padded."""

Shape = tuple[int, int, int]
"""Width and height in pixels, and pictures of a batch."""


def mode_for(plan: LoadSpec, device: torch.device) -> str:
    """`auto` compiles on NVIDIA's GPUs. Parts that move between memories are not compiled."""
    if offload(plan, device) != "none":
        return "off"
    if plan.compile == "auto":
        return "blocks" if device.type == "cuda" else "off"
    return plan.compile


@dataclass(slots=True)
class Compilation:
    """The compiled networks of a pipeline.

    A network is compiled for each shape of a batch apart: kernels of fixed shapes are the fastest. The first batch of
    a shape runs uncompiled, so that it does not wait for the compiler, unless its files are on disk. The second one
    compiles. (Compiling in a thread meanwhile is not safe: whether compiled code may run is a state of the process,
    and both would need memory at once.)
    """

    on: bool
    folder: Path | None
    facts: Mapping[str, object]
    """What compiled code depends on, apart from the shape."""
    seen: set[Shape] = field(default_factory=set)
    ready: set[Shape] = field(default_factory=set)

    @classmethod
    def of(cls, pipeline: Any, plan: LoadSpec, device: torch.device) -> "Compilation":
        """Prepares the pipeline's networks: they are compiled when they are first called with a shape."""
        mode = mode_for(plan, device)
        if mode != "off":
            _prepare(pipeline, mode, plan.compile_backend)
        folder = Path(plan.warm_cache) if plan.warm_cache else None
        facts = {"mode": mode, "backend": plan.compile_backend, **describe_loaded(plan, device)}
        return cls(mode != "off", folder, facts)

    def padded(self, pictures: int, full: int) -> int:
        """The number of pictures that a batch is filled up to: the full batch has been or will be compiled."""
        return full if self.on and full * SHARE <= pictures < full else pictures

    @contextmanager
    def running(self, shape: Shape, full: int) -> Iterator[None]:
        """Within it the networks run compiled or not, whichever suits a batch of this shape."""
        if not self.on:
            yield
            return
        first = shape not in self.seen
        self.seen.add(shape)
        if shape not in self.ready and first and shape[2] == full:
            self._load(shape)
        compiled = shape[2] == full and (shape in self.ready or not first)
        with nullcontext() if compiled else uncompiled():
            yield
        if compiled and shape not in self.ready:
            self.ready.add(shape)
            self._save(shape)

    def _load(self, shape: Shape) -> None:
        if self.folder is not None and load_artifacts(self.folder, self._key(shape)):
            self.ready.add(shape)

    def _save(self, shape: Shape) -> None:
        if self.folder is not None:
            save_artifacts(self.folder, self._key(shape))

    def _key(self, shape: Shape) -> dict[str, object]:
        return {**self.facts, "shape": list(shape)}


def artifacts_file(folder: Path, key: Mapping[str, object]) -> Path:
    return folder / f"{file_stem(key)}.compiled"


def describe_loaded(plan: LoadSpec, device: torch.device) -> dict[str, object]:
    """What measurements and compiled code of a loaded model depend on."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return {
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "device": name,
        "model": plan.card.label,
        "dtype": plan.quantize or str(dtype_for(plan, device)),
        "tiny decoder": plan.tiny_decoder,
    }


def file_stem(key: Mapping[str, object]) -> str:
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]
    return f"{str(key['model']).replace('/', '-')}-{digest}"


def _prepare(pipeline: Any, mode: str, backend: str) -> None:
    """Repeated blocks compile in a third of the time of a whole network, and are somewhat slower."""
    torch._dynamo.config.recompile_limit = max(MOST_SHAPES, torch._dynamo.config.recompile_limit)
    network = getattr(pipeline, "unet", None) or pipeline.transformer
    if mode == "blocks" and getattr(network, "_repeated_blocks", None):
        network.compile_repeated_blocks(dynamic=False, backend=backend)
    else:
        network.compile(dynamic=False, backend=backend)
    pipeline.vae.decoder.compile(dynamic=False, backend=backend)


def uncompiled() -> AbstractContextManager[None]:
    """Within it compiled networks run as they were written."""
    stance: AbstractContextManager[None] = torch.compiler.set_stance("force_eager")
    return stance


def save_artifacts(folder: Path, key: Mapping[str, object]) -> None:
    """Write what the compiler made in this process, after a line with the key and a checksum."""
    made = torch.compiler.save_cache_artifacts()
    if made is None:
        return
    head = json.dumps({"key": key, "sha256": hashlib.sha256(made[0]).hexdigest()})
    path = artifacts_file(folder, key)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(head.encode() + b"\n" + made[0])
        part.replace(path)
    except OSError as error:
        logger.warning("Compiled networks could not be kept: %s", error)


def load_artifacts(folder: Path, key: Mapping[str, object]) -> bool:
    """Give the compiler what an earlier process made; False, and a line in the log, for a file that is not usable.

    The file holds code and pickles: one that another user could have written is not read.
    """
    path = artifacts_file(folder, key)
    if not path.is_file():
        return False
    try:
        problem = _give(path, key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = str(error)
    if problem:
        logger.warning("%s is ignored: %s.", path.name, problem)
    return not problem


def _give(path: Path, key: Mapping[str, object]) -> str:
    """What is wrong with the file, "" if nothing is."""
    status = path.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        return "other users may have written it"
    head, _, artifacts = path.read_bytes().partition(b"\n")
    described = json.loads(head)
    if described["key"] != json.loads(json.dumps(key)):
        return "it was made for something else"
    if described["sha256"] != hashlib.sha256(artifacts).hexdigest():
        return "it is damaged"
    return "" if torch.compiler.load_cache_artifacts(artifacts) is not None else "torch cannot read it"
