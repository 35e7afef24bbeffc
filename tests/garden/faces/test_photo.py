"""Decoding a photo: bounded, upright, RGB, and never an unexpected error."""

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image, ImageOps

from garden.faces.photo import PhotoLimits, PhotoTooLargeError, UnreadablePhotoError, count_scans, decode_photo
from tests.garden.faces.conftest import Encode, Pixels
from tests.support import pictures

LIMITS = PhotoLimits()


@pytest.fixture
def tall(astronaut: Pixels) -> Pixels:
    """A 40 × 30 portrait photo."""
    return np.asarray(Image.fromarray(astronaut).resize((30, 40)))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG header of any size without its pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_it_decodes_to_rgb(file_format: str, encode: Encode, tall: Pixels) -> None:
    assert decode_photo(encode(tall, file_format), LIMITS).pixels.shape == (40, 30, 3)


def test_it_keeps_the_bytes(encode: Encode, tall: Pixels) -> None:
    data = encode(tall)
    assert decode_photo(data, LIMITS).data == data


@pytest.mark.parametrize("file_format", ["BMP", "TIFF"])
def test_it_refuses_other_formats(file_format: str, encode: Encode, tall: Pixels) -> None:
    with pytest.raises(UnreadablePhotoError):
        decode_photo(encode(tall, file_format), LIMITS)


@pytest.mark.parametrize("data", [b"", b"x", b"\xff\xd8\xff", b"<html>", b"\x89PNG\r\n\x1a\n"])
def test_it_refuses_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(UnreadablePhotoError):
        decode_photo(data, LIMITS)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_it_refuses_a_picture_that_breaks_off(file_format: str, encode: Encode, astronaut: Pixels) -> None:
    with pytest.raises(UnreadablePhotoError):
        decode_photo(encode(astronaut, file_format)[:-2000], LIMITS)


def test_it_raises_only_its_own_errors_for_damaged_files(
    encode: Encode, tall: Pixels, subtests: pytest.Subtests
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = {name: encode(tall, name, exif=exif) for name in ("JPEG", "PNG", "WEBP", "GIF", "HEIF")}
    for seed in range(300):
        random = np.random.default_rng(seed)
        name = str(random.choice([*whole]))
        data = bytearray(whole[name])
        for _ in range(8):
            data[random.integers(len(data))] = random.integers(256)
        with subtests.test(name, seed=seed), suppress(UnreadablePhotoError, PhotoTooLargeError):
            decode_photo(bytes(data), LIMITS)


def test_it_refuses_more_bytes_than_the_limit(encode: Encode, tall: Pixels) -> None:
    with pytest.raises(PhotoTooLargeError) as caught:
        decode_photo(encode(tall), PhotoLimits(max_bytes=100))
    assert caught.value.extra == {"max_bytes": 100}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_it_refuses_more_pixels_than_the_limit(file_format: str, encode: Encode, tall: Pixels) -> None:
    with pytest.raises(PhotoTooLargeError) as caught:
        decode_photo(encode(tall, file_format), PhotoLimits(max_pixels=1199))
    assert caught.value.extra == {"max_pixels": 1199}


@pytest.mark.parametrize("side", [5_001, 20_000, 60_000])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_it_refuses_a_decompression_bomb_as_too_large(side: int) -> None:
    with pytest.raises(PhotoTooLargeError):
        decode_photo(png_that_claims(side, side), LIMITS)


def test_it_turns_the_photo_upright(encode: Encode, tall: Pixels) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side
    lying = np.ascontiguousarray(np.rot90(tall))
    upright = decode_photo(encode(lying, "PNG", exif=exif), LIMITS)
    np.testing.assert_array_equal(upright.pixels, tall)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_turns_a_heic_photo_upright_once(orientation: int, encode: Encode, tall: Pixels) -> None:
    """Phones write the rotation twice: as a property of the picture (`irot`, `imir`), and in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = encode(tall, "HEIF", quality=100, exif=exif.tobytes())  # Bytes: pillow-heif adds the property.
    assert (b"irot" in stored or b"imir" in stored) is (orientation > 1)
    shown = ImageOps.exif_transpose(Image.open(io.BytesIO(encode(tall, "PNG", exif=exif))))
    upright = decode_photo(stored, LIMITS).pixels
    assert upright.shape == np.asarray(shown).shape
    assert np.abs(upright.astype(int) - np.asarray(shown)).mean() < 20


def test_it_leaves_a_heic_photo_as_it_is_whose_exif_alone_is_turned(encode: Encode, tall: Pixels) -> None:
    """The standard (ISO/IEC 23008-12) has viewers follow the picture's properties, not its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = encode(tall, "HEIF", exif=exif)
    assert b"irot" not in stored
    assert decode_photo(stored, LIMITS).pixels.shape == tall.shape


def test_it_takes_the_first_frame_of_an_animation(encode: Encode, tall: Pixels) -> None:
    second = Image.fromarray(255 - tall)
    data = encode(tall, "WEBP", lossless=True, save_all=True, append_images=[second])
    np.testing.assert_array_equal(decode_photo(data, LIMITS).pixels, tall)


def test_it_takes_the_first_frame_of_a_gif(encode: Encode, tall: Pixels) -> None:
    first, second = Image.new("RGB", (30, 40), "white"), Image.new("RGB", (30, 40), "black")
    data = encode(first, "GIF", save_all=True, append_images=[second])
    assert (decode_photo(data, LIMITS).pixels == 255).all()


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK"])
def test_it_reads_other_colour_modes(mode: str, encode: Encode, tall: Pixels) -> None:
    picture = Image.fromarray(tall).convert(mode)
    pixels = decode_photo(encode(picture, "JPEG" if mode == "CMYK" else "PNG"), LIMITS).pixels
    assert pixels.shape == (40, 30, 3)
    assert abs(float(pixels.mean()) - float(tall.mean())) < 12


def test_it_keeps_the_range_of_16_bit_greys(encode: Encode, tall: Pixels) -> None:
    grey = tall[..., 0]
    pixels = decode_photo(encode(Image.fromarray(grey.astype(np.uint16) * 257), "PNG"), LIMITS).pixels
    np.testing.assert_array_equal(pixels[..., 0], grey)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_it_puts_what_is_transparent_on_white(file_format: str, encode: Encode) -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert (decode_photo(encode(clear, file_format), LIMITS).pixels == 255).all()


def test_it_decodes_a_far_too_large_jpeg_smaller(encode: Encode, astronaut: Pixels) -> None:
    data = encode(Image.fromarray(astronaut).resize((4000, 3000)))
    assert decode_photo(data, LIMITS).pixels.shape == (1500, 2000, 3)


@pytest.mark.parametrize(("file_format", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("WEBP", "RGB")])
def test_it_reduces_a_far_too_large_photo_of_another_format_alike(file_format: str, mode: str, encode: Encode) -> None:
    data = encode(Image.new(mode, (4000, 3000), "teal"), file_format)
    assert decode_photo(data, PhotoLimits(max_bytes=50_000_000)).pixels.shape == (1500, 2000, 3)


def test_it_keeps_a_long_narrow_photo_within_bounds(encode: Encode) -> None:
    assert decode_photo(encode(Image.new("L", (19_000, 1_300)), "PNG"), LIMITS).pixels.shape == (650, 9_500, 3)


def test_it_never_shows_the_pixels_in_a_repr(encode: Encode, tall: Pixels) -> None:
    assert repr(decode_photo(encode(tall), LIMITS)) == "<Photo 30×40>"


def test_it_decodes_in_memory_only(encode: Encode, tall: Pixels, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(tall)
    monkeypatch.setattr("builtins.open", lambda *args, **options: pytest.fail(f"opened {args}"))
    decode_photo(data, LIMITS)


def test_it_counts_one_scan_of_a_plain_jpeg() -> None:
    assert count_scans(pictures.portrait()) == 1


def test_it_counts_every_scan_of_a_progressive_jpeg() -> None:
    assert count_scans(pictures.encode(pictures.astronaut(), progressive=True)) == 10


def test_it_does_not_count_what_a_segment_holds() -> None:
    assert count_scans(pictures.encode(pictures.astronaut(), comment=b"\xff\xda" * 1_000)) == 1


def test_it_does_not_count_what_follows_the_picture() -> None:
    assert count_scans(pictures.portrait() + b"\xff\xda" * 1_000) == 1


def test_it_ends_on_broken_files() -> None:
    for data in (b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff" * 1_000):
        assert count_scans(data) <= 1
