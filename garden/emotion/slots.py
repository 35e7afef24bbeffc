"""Slots for decoding photos, shared by all processes of a machine: one lock file each.

The kernel releases the lock of a process that ends, however it ends.
"""

import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from garden.errors import UnavailableError

logger = logging.getLogger(__name__)
PATIENCE = 5.0
"""Seconds that a photo waits for a slot; less than FACE_READING_SECONDS, so that waiting is not taken for hanging."""
LARGE_PIXELS = 6_500_000
"""Decoding takes up to ten bytes a pixel. Of photos with more pixels one is decoded at a time."""
_POLL_SECONDS = 0.02


class PhotosBusyError(UnavailableError):
    """Other photos are being decoded, and no slot became free in time."""

    code = "analyzer_unavailable"


@contextmanager
def decoding_slot(pixels: int) -> Iterator[None]:
    """Hold a slot while a photo of so many pixels is decoded: one a core, or the only one for large photos.

    Raises PhotosBusyError after PATIENCE seconds, or where lock files cannot be made.
    """
    name, count = ("large", 1) if pixels > LARGE_PIXELS else ("usual", os.cpu_count() or 1)
    held = _wait_for(name, count)
    try:
        yield
    finally:
        os.close(held)


def _wait_for(name: str, count: int) -> int:
    """The descriptor of a locked file."""
    ends = time.monotonic() + PATIENCE
    try:
        folder = _folder()
        while (held := _take(folder, name, count)) is None and time.monotonic() < ends:
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        logger.error("The lock files for decoding photos cannot be used: %s", error)
        held = None
    if held is None:
        raise PhotosBusyError("Too many photos are being read at this moment.")
    return held


def _take(folder: Path, name: str, count: int) -> int | None:
    for number in range(count):
        file = _opened(folder / f"{name}-{number}")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
        else:
            return file
    return None


def _opened(path: Path) -> int:
    """For reading: nothing is ever written while a photo is read, and a lock needs no more."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _folder() -> Path:
    """Of this user and this machine (of this container, where /tmp is its own). Refuses what another user made."""
    folder = Path(tempfile.gettempdir()) / f"emotion-garden-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user.")
    return folder
