"""Which version of its page a device should run."""

import hashlib
from functools import cache
from pathlib import Path

from garden.pages.wall_shell import shell_version
from garden.version import project_version

FILES = Path(__file__).resolve().parents[1] / "static" / "garden"
_KINDS = {".js", ".css"}
_WALLS = FILES / "js" / "wall"


def current_versions() -> dict[str, str]:
    """By kind of device: what changes on walls makes no kiosk old."""
    return {"kiosk": page_version(), "display": shell_version()}


@cache
def page_version() -> str:
    """The kiosk page's: the garden's version and what its scripts and styles are."""
    return f"{project_version()}+{_fingerprint()}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in FILES.rglob("*") if path.suffix in _KINDS and _WALLS not in path.parents):
        digest.update(f"{path.relative_to(FILES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
