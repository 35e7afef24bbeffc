"""Which version of its page a device runs."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

FILES = Path(__file__).resolve().parents[1] / "static" / "garden"
_KINDS = {".js", ".css"}


@cache
def page_version() -> str:
    """The garden's version and what its scripts and styles are: another file, another version."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return f"{version}+{_fingerprint()}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in FILES.rglob("*") if path.suffix in _KINDS):
        digest.update(f"{path.relative_to(FILES)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
