"""What a file says of itself, read in parallel: a bucket answers many questions at once."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice

import PIL.Image

from garden.storage.base import picture_storage
from garden.storage.sync.comparing import Difference

MOST_BYTES = 50_000_000
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
_WAVE = 64


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a picture's file: SHA-256 in hex, sides in px."""

    content_hash: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Read:
    """A difference whose file was read: `facts`, or the `problem` in words."""

    difference: Difference
    facts: Facts | None = None
    problem: str = ""


def read_files(differences: Iterable[Difference], pool: Executor) -> Iterator[Read]:
    """In the given order, as many at a time as the pool takes; never more than a few of them in memory."""
    source = iter(differences)
    while wave := list(islice(source, _WAVE)):
        yield from pool.map(_read, wave)


def _read(difference: Difference) -> Read:
    try:
        return Read(difference, facts_of(_content(difference)))
    except ConnectionError:
        raise  # The storage is away: no problem of this file.
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        return Read(difference, problem=str(error) or type(error).__name__)


def _content(difference: Difference) -> bytes:
    if difference.file is not None and difference.file.size > MOST_BYTES:
        raise ValueError(f"the file has more than {MOST_BYTES:,} bytes")
    return picture_storage().read(difference.key)


def facts_of(content: bytes) -> Facts:
    """Raises ValueError or OSError where the bytes are no picture."""
    with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        width, height = picture.size
    if width * height > MOST_PIXELS:
        raise ValueError(f"the picture has more than {MOST_PIXELS:,} pixels")
    return Facts(hashlib.sha256(content).hexdigest(), width, height)
