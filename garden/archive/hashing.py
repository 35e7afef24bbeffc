"""SHA-256 of what flows past."""

import hashlib
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

CHUNK = 1 << 18
IN_MEMORY = 8 << 20
_buffers = threading.local()


@dataclass(frozen=True, slots=True)
class Content:
    """What was read to its end: SHA-256 in hex, bytes."""

    sha256: str
    size: int


def pass_on(source: IO[bytes], write: Callable[[memoryview], object]) -> Content:
    """Hand a file on piece by piece; what is told is of the very bytes that went through.

    Pieces lie in a buffer that its thread uses again: whoever keeps one copies it.
    """
    digest, size, buffer = hashlib.sha256(), 0, _own_buffer()
    while length := source.readinto(buffer):  # type: ignore[attr-defined]
        piece = buffer[:length]
        digest.update(piece)
        write(piece)
        size += length
    return Content(digest.hexdigest(), size)


def content_of(source: IO[bytes]) -> Content:
    return pass_on(source, len)


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _own_buffer() -> memoryview:
    """Memory that is given back and asked for again would cost as much as the hash of a small picture."""
    if not hasattr(_buffers, "buffer"):
        _buffers.buffer = memoryview(bytearray(CHUNK))
    buffer: memoryview = _buffers.buffer
    return buffer


def spool() -> IO[bytes]:
    """A scratch file that stays in memory while it is small."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
