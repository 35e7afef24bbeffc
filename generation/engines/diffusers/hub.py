"""The files of a model on this machine and their download: configuration and safetensors only."""

import importlib.util
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from generation.engines.base import EngineUnavailableError
from generation.engines.diffusers.cards import UNPINNED, ModelCard, Weights

TEXTS = ["*.json", "*.txt", "*.jinja", "*.model"]
OTHER_WEIGHTS = ["*.fp16.safetensors", "*.non_ema.safetensors", "*onnx*"]


def patterns(card: ModelCard) -> tuple[list[str], list[str]]:
    """Names to download and names to leave: weights lie in folders; those at the top are other people's layouts."""
    if card.variant:
        allowed, ignored = [*TEXTS, f"*/*.{card.variant}*.safetensors"], ["*.non_ema.*"]
    else:
        allowed, ignored = [*TEXTS, "*/*.safetensors"], list(OTHER_WEIGHTS)
    return allowed, [*ignored, *(["unet/*.safetensors"] if card.unet else [])]


def locate(card: ModelCard, *, cache: str = "", offline: bool = True) -> Path:
    """The checked folder of a model, downloaded first if `offline` is False.

    Raises EngineUnavailableError that names what is missing and the remedy.
    """
    folder = Path(card.id)
    if not card.is_folder:
        folder = _snapshot(card.id, card.revision, cache, offline, *patterns(card))
    if found := problems(folder, replaced={"unet"} if card.unet else ()):
        raise EngineUnavailableError(f"Model {card.name} cannot be loaded: {'; '.join(found)}.", problems=found)
    return folder


def locate_file(weights: Weights, *, cache: str = "", offline: bool = True) -> Path:
    """One weights file that a card names beside its repository. Raises EngineUnavailableError."""
    if not weights.file.endswith(".safetensors"):
        raise EngineUnavailableError(f"{weights.file} is not a safetensors file.")
    if (local := Path(weights.id)).is_absolute():
        return local / weights.file
    from huggingface_hub import hf_hub_download

    try:
        return Path(
            hf_hub_download(
                weights.id, weights.file, revision=weights.revision, cache_dir=cache or None, local_files_only=offline
            )
        )
    except (OSError, ValueError) as error:
        raise _not_there(weights.id, error, offline=offline) from error


def locate_part(repository: str, *, cache: str = "", offline: bool = True) -> Path:
    """The folder of one network (a ControlNet, an image encoder, a tiny decoder). Raises EngineUnavailableError."""
    if (local := Path(repository)).is_absolute():
        return local
    return _snapshot(repository, UNPINNED, cache, offline, ["config.json", "*model.safetensors"], [])


def missing_packages() -> list[str]:
    """Packages of requirements/generation.txt that this Python lacks, found without importing any."""
    return [name for name in ("torch", "diffusers", "transformers") if importlib.util.find_spec(name) is None]


def _snapshot(
    repository: str, revision: str, cache: str, offline: bool, allowed: list[str], ignored: list[str]
) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(
                repository,
                revision=revision,
                cache_dir=cache or None,
                local_files_only=offline,
                allow_patterns=allowed,
                ignore_patterns=ignored,
            )
        )
    except (OSError, ValueError) as error:
        raise _not_there(repository, error, offline=offline) from error


def _not_there(name: str, error: Exception, *, offline: bool) -> EngineUnavailableError:
    if offline:
        return EngineUnavailableError(f"{name} is not on this machine: run `manage.py models download` with its name.")
    return EngineUnavailableError(
        f"{name} could not be downloaded ({type(error).__name__}): {str(error).splitlines()[0]}"
    )


PICKLES = {".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"}
WEIGHTLESS = ("FeatureExtractor", "Processor", "Scheduler", "Tokenizer", "TokenizerFast")


def problems(folder: Path, replaced: Collection[str] = ()) -> list[str]:
    """The reason why a folder in the hub's layout cannot be loaded; `replaced` parts need no weights."""
    try:
        index = json.loads((folder / "model_index.json").read_text())
    except FileNotFoundError:
        return [f"no model_index.json in {folder.name}"]
    except ValueError:
        return ["model_index.json is not JSON"]
    return [*_pickles(folder), *(found for part in _parts(index) for found in _missing(folder, *part, replaced))]


def pipeline_class(folder: Path) -> str:
    """The pipeline class that the folder names, "" if it names none."""
    try:
        return str(json.loads((folder / "model_index.json").read_text()).get("_class_name", ""))
    except (OSError, ValueError):
        return ""


def weight_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors"))


def _pickles(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in PICKLES:
            yield f"{path.relative_to(folder)} is a pickle, which can run code when read: only safetensors are loaded"


def _parts(index: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and classes of the components; null ones are omitted on purpose."""
    for name, value in index.items():
        if isinstance(value, list) and len(value) == 2 and value[1]:
            yield name, value[1]


def _missing(folder: Path, name: str, cls: str, replaced: Collection[str]) -> Iterator[str]:
    part = folder / name
    if not part.is_dir():
        yield f"{name}/ is missing"
    elif not cls.endswith(WEIGHTLESS) and name not in replaced:
        yield from _missing_weights(part)


def _missing_weights(part: Path) -> Iterator[str]:
    if not any(part.glob("*.safetensors")):
        yield f"{part.name}/ has no safetensors"
    for index in part.glob("*.safetensors.index*.json"):
        shards = set(json.loads(index.read_text())["weight_map"].values())
        yield from (f"{part.name}/{shard} is missing" for shard in sorted(shards) if not (part / shard).is_file())
