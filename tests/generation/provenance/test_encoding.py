import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from garden.souvenirs.provenance import read_xmp
from generation.provenance import FileFormat, encode_jpeg, encode_picture, facts_of, xmp_packet
from tests.generation.provenance.conftest import PROMPT, picture

MADE_AT = datetime(2026, 3, 20, 12, 12, 42, tzinfo=UTC)
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("file_format", FileFormat)
def test_it_says_in_xmp_who_made_it_how_and_when(file_format: FileFormat, key_path: Path) -> None:
    fields = read_xmp(encode_picture(picture(), file_format, MADE_AT))
    assert fields["Iptc4xmpExt:DigitalSourceType"] == f"{TERMS}trainedAlgorithmicMedia"
    assert fields["Iptc4xmpExt:AISystemUsed"] == "Emotion Garden diffusers"
    assert fields["Iptc4xmpExt:AISystemVersionUsed"] == "sd-turbo"
    assert fields["Iptc4xmpExt:AIPromptInformation"] == PROMPT
    assert fields["dc:description"] == f"Made by AI: {PROMPT}"
    assert fields["xmp:CreateDate"] == "2026-03-20T12:12:42+00:00"


def test_it_does_not_call_the_painter_trained(key_path: Path) -> None:
    fields = read_xmp(encode_jpeg(picture(engine="painter")))
    assert fields["Iptc4xmpExt:DigitalSourceType"] == f"{TERMS}algorithmicMedia"
    assert fields["dc:description"].startswith("Painted by a program: ")


@pytest.mark.parametrize("file_format", FileFormat)
def test_it_keeps_exif_beside_xmp(file_format: FileFormat, signing_key: Path) -> None:
    with Image.open(io.BytesIO(encode_picture(picture(prompt="calm"), file_format))) as image:
        exif = image.getexif()
    assert exif[0x010E] == "Made by AI: calm"
    assert exif[0x0131] == "Emotion Garden, engine diffusers, model sd-turbo"


@pytest.mark.parametrize("file_format", FileFormat)
def test_signing_changes_no_pixel_and_adds_little(file_format: FileFormat, key_path: Path, signing_key: Path) -> None:
    signed = encode_picture(picture(), file_format, MADE_AT)
    signing_key.unlink()
    plain = encode_picture(picture(), file_format, MADE_AT)
    assert np.array_equal(pixels(plain), pixels(signed))
    assert 0 < len(signed) - len(plain) < 5_000


def test_it_writes_a_prompt_of_any_length(key_path: Path) -> None:
    assert read_xmp(encode_jpeg(picture(prompt="花" * 100_000)))["Iptc4xmpExt:AIPromptInformation"] == "花" * 4_000


@settings(deadline=None)
@given(prompt=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_prompt_comes_back_as_it_was(prompt: str) -> None:
    packet = xmp_packet(facts_of(picture(prompt=prompt)))
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", xmp=packet)
    written = "".join(char for char in prompt if char not in "\ufffe\uffff")
    assert read_xmp(stream.getvalue())["Iptc4xmpExt:AIPromptInformation"] == written.strip()


@settings(deadline=None)
@given(prompt=st.text(max_size=200))
def test_no_prompt_breaks_the_packet(prompt: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", xmp=xmp_packet(facts_of(picture(prompt=prompt))))
    assert read_xmp(stream.getvalue())["Iptc4xmpExt:AISystemVersionUsed"] == "sd-turbo"


def test_it_reads_nothing_from_hostile_xmp() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    for packet in (bomb, b"<broken", b"\xff\xfe\xff"):
        stream = io.BytesIO()
        Image.new("RGB", (8, 8)).save(stream, "JPEG", xmp=packet)
        assert read_xmp(stream.getvalue()) == {}
