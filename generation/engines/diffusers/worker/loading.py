"""From files to the pipelines that a process keeps loaded on its device. Only safetensors are read."""

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import diffusers
import torch
import transformers
from diffusers import AutoPipelineForText2Image
from safetensors.torch import load_file

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.cards import LoadSpec, Weights
from generation.engines.diffusers.hub import locate, locate_file, locate_part
from generation.engines.diffusers.worker.compilation import Compilation
from generation.engines.diffusers.worker.devices import (
    LOCK,
    MOST,
    channels_last_by_default,
    clean_up,
    device_for,
    dtype_for,
    room_for,
    set_channels_last,
    settle,
)
from generation.engines.diffusers.worker.prompts import EmbeddingCache
from generation.engines.diffusers.worker.quantization import quantize
from generation.engines.diffusers.worker.steps import choose_scheduler
from generation.engines.diffusers.worker.tuning import Tuning

diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()


def load_pipeline(plan: LoadSpec, device: torch.device) -> Any:
    """A pipeline on its device. Raises EngineUnavailableError when the files or the memory do not suffice."""
    folder = locate(plan.card, cache=plan.cache, offline=plan.offline)
    dtype = dtype_for(plan, device)
    try:
        pipeline = _read(plan, folder, dtype)
        _add_loras(pipeline, plan)
        choose_scheduler(pipeline, plan.card.scheduler)
        quantize(pipeline, plan, device)
        settle(pipeline, plan, device)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EngineUnavailableError(f"Model {plan.card.name} could not be loaded: {error}") from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _read(plan: LoadSpec, folder: Path, dtype: torch.dtype) -> Any:
    parts: dict[str, Any] = {}
    if plan.card.unet:
        parts["unet"] = _unet(plan, plan.card.unet, folder).to(dtype)
    if plan.tiny_decoder and plan.card.tiny_decoder:
        parts["vae"] = _tiny_decoder(plan, dtype)
    elif plan.card.vae:
        vae = locate_part(plan.card.vae, cache=plan.cache, offline=plan.offline)
        parts["vae"] = diffusers.AutoencoderKL.from_pretrained(
            vae, use_safetensors=True, local_files_only=True, dtype=dtype
        )
    return AutoPipelineForText2Image.from_pretrained(
        folder,
        use_safetensors=True,
        local_files_only=True,
        variant=plan.card.variant or None,
        dtype=dtype,
        **parts,
    )


def _unet(plan: LoadSpec, weights: Weights, folder: Path) -> Any:
    path = locate_file(weights, cache=plan.cache, offline=plan.offline)
    unet = diffusers.UNet2DConditionModel.from_config(
        diffusers.UNet2DConditionModel.load_config(folder, subfolder="unet", local_files_only=True)
    )
    unet.load_state_dict(load_file(path))
    return unet.eval()


def _add_loras(pipeline: Any, plan: LoadSpec) -> None:
    """Fused into the model's own weights. Raises ValueError for one of another family of models."""
    for place, lora in enumerate(plan.card.lora):
        path = locate_file(lora, cache=plan.cache, offline=plan.offline)
        name = f"lora{place}"
        pipeline.load_lora_weights(
            str(path.parent), weight_name=path.name, adapter_name=name, use_safetensors=True, local_files_only=True
        )
        if not any(name in adapters for adapters in pipeline.get_list_adapters().values()):
            raise ValueError(f"{path.name} has no weights for a {type(pipeline).__name__}")
        pipeline.fuse_lora(adapter_names=[name], lora_scale=lora.weight)
        pipeline.unload_lora_weights()


def _tiny_decoder(plan: LoadSpec, dtype: torch.dtype) -> Any:
    folder = locate_part(plan.card.tiny_decoder, cache=plan.cache, offline=plan.offline)
    return diffusers.AutoencoderTiny.from_pretrained(folder, use_safetensors=True, local_files_only=True, dtype=dtype)


def preview_decoder(loaded: "LoadedModel") -> Any:
    """What decodes unfinished latents in a tenth of the time; None for a model without a tiny decoder."""
    plan, pipeline = loaded.plan, loaded.pipeline
    if not plan.card.tiny_decoder:
        return None
    if plan.tiny_decoder:
        return pipeline.vae
    if "preview" not in loaded.others:
        loaded.others["preview"] = _tiny_decoder(plan, pipeline.vae.dtype).to(loaded.device)
    return loaded.others["preview"]


@dataclass(slots=True)
class LoadedModel:
    """A loaded pipeline, what is compiled of it, and the measured memory of its pictures."""

    plan: LoadSpec
    device: torch.device
    pipeline: Any
    tuning: Tuning
    compilation: Compilation
    embeddings: EmbeddingCache = field(default_factory=EmbeddingCache)
    fitting: dict[tuple[int, int], int] = field(default_factory=dict)
    """How many pictures fit, by width and height in pixels."""
    others: dict[str, Any] = field(default_factory=dict)
    """What was made of the pipeline's parts for other work, and networks that only this work needs."""

    @classmethod
    def load(cls, plan: LoadSpec) -> Self:
        """Raises EngineUnavailableError."""
        device = device_for(plan.device)
        pipeline = load_pipeline(plan, device)
        tuning = Tuning.read(plan, device)
        set_channels_last(
            pipeline, channels_last_by_default(device) if tuning.channels_last is None else tuning.channels_last
        )
        return cls(plan, device, pipeline, tuning, Compilation.of(pipeline, plan, device))

    def batch_size(self, width: int, height: int, most: int | None) -> int:
        """Pictures of this size in pixels that are made together; `most` is the site's own bound.

        What fits is found once for a size: networks are compiled for it.
        """
        if self.device.type == "cpu":
            size = most or 1
            return min(size, self.fitting.get((width, height), size))
        if (width, height) not in self.fitting:
            dtype, picture = dtype_for(self.plan, self.device), self.tuning.bytes_of(width, height)
            self.fitting[width, height] = room_for(self.device, dtype, width, height, picture_bytes=picture)
        fit = self.fitting[width, height]
        return min(fit, most or fit)

    def learn(self, width: int, height: int, size: int) -> None:
        """Memory ran out above this size, which is not tried again."""
        self.fitting[width, height] = size


_open: list[LoadedModel] = []
"""The one used last is the last."""


def load_model(plan: LoadSpec) -> LoadedModel:
    """The loaded pipeline of a spec; others are unloaded first unless all fit. Raises EngineUnavailableError."""
    with LOCK:
        loaded = next((each for each in _open if each.plan == plan), None)
        if loaded is None:
            while _open and not fits_beside(plan):
                _unload(_open[0])
            loaded = LoadedModel.load(plan)
        else:
            _open.remove(loaded)
        _open.append(loaded)
        return loaded


def fits_beside(plan: LoadSpec) -> bool:
    """Whether a GPU has room for one more model and a full batch of its pictures."""
    device = device_for(plan.device)
    if device.type != "cuda":
        return False
    side, dtype = plan.card.side, dtype_for(plan, device)
    return room_for(device, dtype, side, side, reserved=plan.card.memory) == MOST


def unload_others(loaded: LoadedModel) -> bool:
    """Free the memory of the other models; False if there are none."""
    with LOCK:
        others = [each for each in _open if each is not loaded]
        for each in others:
            _unload(each)
    return bool(others)


def _unload(loaded: LoadedModel) -> None:
    _open.remove(loaded)
    gc.collect()
    clean_up()


def is_open(plan: LoadSpec) -> bool:
    """Whether the pipeline of this plan is loaded."""
    return any(loaded.plan == plan for loaded in _open)


def expected_batch(plan: LoadSpec, width: int, height: int, most: int | None) -> int:
    """The expected batch size, without loading the model."""
    for loaded in _open:
        if loaded.plan == plan:
            return loaded.batch_size(width, height, most)
    device = device_for(plan.device)
    if device.type == "cpu":
        return most or 1
    picture = Tuning.read(plan, device).bytes_of(width, height)
    dtype = dtype_for(plan, device)
    fit = room_for(device, dtype, width, height, picture_bytes=picture, reserved=plan.card.memory)
    return min(fit, most or fit)


def close() -> None:
    """Unload every pipeline and free its memory."""
    with LOCK:
        _open.clear()
        gc.collect()
        clean_up()
