"""Building the folder of ONNX models: what is up to date is left alone, what is written is written whole."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tools.faces.sources import NETWORKS, Network

CONVERTER_VERSION = 3
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Built:
    """What happened to one network."""

    network: Network
    path: Path
    converted: bool


def build(
    *, node_modules: Path, folder: Path, force: bool = False, networks: Iterable[Network] = NETWORKS
) -> Iterator[Built]:
    """Convert each network that is missing, altered, or made from other files or by another converter.

    Yields after each. Raises SourceError when an input file is missing or not the pinned one.
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


def _is_current(network: Network, path: Path, manifest: dict[str, Any]) -> bool:
    try:
        return bool(manifest.get(network.name) == _entry(network, path.read_bytes()))
    except OSError:
        return False


def _write(network: Network, node_modules: Path, path: Path) -> dict[str, Any]:
    from tools.faces.convert import convert

    data = convert(network, node_modules).SerializeToString(deterministic=True)
    _replace(path, data)
    return _entry(network, data)


def _entry(network: Network, data: bytes) -> dict[str, Any]:
    return {
        "converter": CONVERTER_VERSION,
        "sources": {file.path: file.sha256 for file in (network.manifest, network.weights)},
        "sha256": sha256(data).hexdigest(),
    }


def _replace(path: Path, data: bytes) -> None:
    """Write beside the target, then rename: a reader sees the old file or the new one."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as aside:
        part = Path(aside, path.name)
        part.write_bytes(data)
        part.replace(path)
