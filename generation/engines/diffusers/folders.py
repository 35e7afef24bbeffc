"""Is a model's folder complete and safe to load? Answered by looking at names and indexes, loading nothing."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

PICKLES = {".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"}
WEIGHTLESS = ("FeatureExtractor", "Processor", "Scheduler", "Tokenizer", "TokenizerFast")


def problems(folder: Path, replaced: Collection[str] = ()) -> list[str]:
    """What keeps a folder in the hub's layout from being loaded; `replaced` parts bring no weights of their own."""
    try:
        index = json.loads((folder / "model_index.json").read_text())
    except FileNotFoundError:
        return [f"no model_index.json in {folder.name}"]
    except ValueError:
        return ["model_index.json is not JSON"]
    return [*_pickles(folder), *(found for part in _parts(index) for found in _missing(folder, *part, replaced))]


def pipeline_class(folder: Path) -> str:
    """The pipeline that the folder says it is, "" if it does not say."""
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
    """Names and classes of the components; those that are null are left out on purpose."""
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
