"""Building the folder of ONNX models: what is up to date is left alone, what is written is written whole."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import onnx

CONVERTER_VERSION = 3
MANIFEST = "manifest.json"


class Convertible(Protocol):
    """A network to be written as `file_name`; `sources`: the SHA-256 of each file that it comes from, by path."""

    @property
    def name(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def sources(self) -> Mapping[str, str]: ...
    def convert(self, node_modules: Path) -> "onnx.ModelProto": ...


@dataclass(frozen=True, slots=True)
class Built:
    """What happened to one network."""

    network: Convertible
    path: Path
    converted: bool


def build(*, node_modules: Path, folder: Path, networks: Iterable[Convertible], force: bool = False) -> Iterator[Built]:
    """Convert each network that is missing, altered, or made from other files or by another converter.

    Yields after each. Raises GardenError when an input file is missing or not the pinned one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _read_manifest(folder)
    for network in networks:
        path = folder / network.file_name
        stale = force or not _is_current(network, path, manifest)
        if stale:
            manifest[network.name] = _write(network, node_modules, path)
            _replace(folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True).encode())
        yield Built(network, path, converted=stale)


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _is_current(network: Convertible, path: Path, manifest: dict[str, Any]) -> bool:
    try:
        return bool(manifest.get(network.name) == _entry(network, path.read_bytes()))
    except OSError:
        return False


def _write(network: Convertible, node_modules: Path, path: Path) -> dict[str, Any]:
    data = network.convert(node_modules).SerializeToString(deterministic=True)
    _replace(path, data)
    return _entry(network, data)


def _entry(network: Convertible, data: bytes) -> dict[str, Any]:
    return {
        "converter": CONVERTER_VERSION,
        "sources": dict(network.sources),
        "sha256": sha256(data).hexdigest(),
    }


def _replace(path: Path, data: bytes) -> None:
    """Write beside the target, then rename: a reader sees the old file or the new one."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as aside:
        part = Path(aside, path.name)
        part.write_bytes(data)
        part.replace(path)
