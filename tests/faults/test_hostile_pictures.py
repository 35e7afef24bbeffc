"""Pictures that nobody's camera takes: read or refused in words, in a bounded memory, and the next one is read."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from garden.faces.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError, decode_photo
from tests.support.pictures import astronaut, encode, portrait

LIMITS = PhotoLimits()
MEGABYTE = 2**20
MOST_MEMORY = 700 * MEGABYTE
"""As docs/SECURITY.md promises of the largest photo."""


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header says a size that its data need not have."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def with_exif(size: int) -> bytes:
    exif = Image.Exif()
    exif[0x9286] = b"x" * size
    return encode(astronaut(), exif=exif.tobytes()[: 65_000 if size > 65_000 else None])


def polyglot() -> bytes:
    """A JPEG that is a ZIP archive as well."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "<script>alert(1)</script>")
    return portrait() + archive.getvalue()


def animated(file_format: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")] * 20
    return encode(frames[0], file_format, save_all=True, append_images=frames[1:])


def grey_16_bit() -> bytes:
    ramp = np.linspace(0, 65_535, 256 * 256).reshape(256, 256).astype(np.uint16)
    return encode(Image.fromarray(ramp), "PNG")


READ: dict[str, Callable[[], bytes]] = {
    "one pixel, JPEG": lambda: encode(Image.new("RGB", (1, 1))),
    "one pixel, PNG": lambda: encode(Image.new("L", (1, 1)), "PNG"),
    "one pixel, WebP": lambda: encode(Image.new("RGBA", (1, 1)), "WEBP"),
    "a row": lambda: encode(Image.new("RGB", (16_000, 1)), "PNG"),
    "a column, 65,000 pixels": lambda: encode(Image.new("RGB", (1, 65_000)), "JPEG"),
    "CMYK": lambda: encode(astronaut().convert("CMYK")),
    "16 bits": grey_16_bit,
    "one bit": lambda: encode(astronaut().convert("1"), "PNG"),
    "a palette": lambda: encode(astronaut().convert("P"), "PNG"),
    "a palette with a hole": lambda: encode(astronaut().convert("P"), "PNG", transparency=0),
    "transparent": lambda: encode(astronaut().convert("RGBA"), "PNG"),
    "huge EXIF": lambda: with_exif(60_000),
    "a polyglot": polyglot,
    "an animated PNG": lambda: animated("PNG"),
    "an animated WebP": lambda: animated("WEBP"),
    "an animated GIF": lambda: animated("GIF"),
    "a HEIC": lambda: portrait("HEIF"),
    "progressive": lambda: encode(astronaut(), progressive=True),
}
REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"GET / HTTP/1.1\r\n\r\n",
    "a TIFF": lambda: encode(astronaut(), "TIFF"),
    "a BMP": lambda: encode(astronaut(), "BMP"),
    "an SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "an archive": lambda: polyglot()[len(portrait()) :],
    "half a JPEG": lambda: portrait()[: len(portrait()) // 2],
    "half a PNG": lambda: portrait("PNG")[: len(portrait("PNG")) // 2],
    "half a WebP": lambda: portrait("WEBP")[: len(portrait("WEBP")) // 2],
    "half a HEIC": lambda: portrait("HEIF")[: len(portrait("HEIF")) // 2],
    "a JPEG's head": lambda: portrait()[:20],
    "a header without data": lambda: png_of(100, 100),
    "no width": lambda: png_of(0, 100),
    "65,000 by 65,000 pixels": lambda: png_of(65_000, 65_000),
    "a decompression bomb": lambda: png_of(25_000, 25_000, bytes(MEGABYTE)),
    "more pixels than any": lambda: png_of(2**31 - 1, 2**31 - 1),
}


@pytest.mark.parametrize("name", READ)
def test_it_reads_what_is_odd(name: str) -> None:
    photo = decode_photo(READ[name](), LIMITS)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.shape[2] == 3


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_what_is_none(name: str) -> None:
    with pytest.raises((UnreadablePhotoError, PhotoTooLargeError)):
        decode_photo(REFUSED[name](), LIMITS)


@settings(max_examples=60)
@given(
    file_format=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "HEIF"]),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20),
    kept=st.floats(0.01, 1),
)
def test_damage_anywhere_is_read_or_refused(file_format: str, damage: list[tuple[float, int]], kept: float) -> None:
    data = bytearray(portrait(file_format))
    for where, value in damage:
        data[int(where * (len(data) - 1))] = value
    try:
        photo = decode_photo(bytes(data[: int(len(data) * kept)]), LIMITS)
    except (UnreadablePhotoError, PhotoTooLargeError):
        return
    assert photo.pixels.shape[2] == 3


_PROGRAM = """
import json, resource, sys
from pathlib import Path
from garden.faces.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError, decode_photo
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answers = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        answers[path.name] = list(decode_photo(path.read_bytes(), PhotoLimits()).pixels.shape)
    except (UnreadablePhotoError, PhotoTooLargeError) as error:
        answers[path.name] = error.code
print(json.dumps({"answers": answers, "took": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024}))
"""


def test_all_of_them_cost_a_bounded_memory(tmp_path: Path) -> None:
    """In a process of its own, whose peak is read at its end; the honest portrait that comes last is read."""
    pictures = [make() for make in (*READ.values(), *REFUSED.values())]
    largest = encode(Image.new("RGBA", (5_000, 5_000), (1, 2, 3, 4)), "PNG")
    for number, data in enumerate([*pictures, largest, portrait()]):
        (tmp_path / f"{number:03d}").write_bytes(data)
    run = [sys.executable, "-c", _PROGRAM, str(tmp_path)]
    reported = json.loads(subprocess.run(run, capture_output=True, check=True).stdout)
    assert reported["answers"][f"{len(pictures) + 1:03d}"] == [512, 512, 3]
    assert reported["took"] < MOST_MEMORY
