"""Content credentials: what a picture says of itself, and what a signature proves."""

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from garden.errors import MisconfiguredError
from garden.souvenirs.provenance import Signature, examine, read_xmp
from generation import signing
from generation.provenance import encode_jpeg, facts_of, xmp_packet
from generation.signing import load_signing_key, make_signing_key, save_signing_key, site_anchors
from tests.generation.provenance.conftest import PROMPT, picture

MADE_AT = datetime(2026, 3, 20, 12, 12, 42, tzinfo=UTC)
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_it_says_in_xmp_who_made_it_how_and_when(key_path: Path) -> None:
    fields = read_xmp(encode_jpeg(picture(), MADE_AT))
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


def test_it_keeps_exif_beside_xmp(signing_key: Path) -> None:
    with Image.open(io.BytesIO(encode_jpeg(picture(prompt="calm")))) as image:
        exif = image.getexif()
    assert exif[0x010E] == "Made by AI: calm"
    assert exif[0x0131] == "Emotion Garden, engine diffusers, model sd-turbo"


def test_signing_changes_no_pixel_and_adds_little(key_path: Path, signing_key: Path) -> None:
    signed = encode_jpeg(picture(), MADE_AT)
    signing_key.unlink()
    plain = encode_jpeg(picture(), MADE_AT)
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


def test_it_signs_what_it_says(signing_key: Path) -> None:
    finding = examine(encode_jpeg(picture()), site_anchors())
    assert finding.holds, finding.problems
    assert finding.signer == "Museum of Moods pictures, Museum of Moods"
    assert (finding.engine, finding.model, finding.caption) == ("diffusers", "sd-turbo", f"Made by AI: {PROMPT}")
    assert finding.source_type.endswith("/trainedAlgorithmicMedia")
    assert finding.made_at.startswith("20")


@pytest.mark.parametrize("place", [0.5, 0.9])
def test_it_notices_a_single_changed_bit(place: float, signing_key: Path) -> None:
    data = bytearray(encode_jpeg(picture()))
    data[int(len(data) * place)] ^= 1
    finding = examine(bytes(data), site_anchors())
    assert finding.signature is Signature.BROKEN
    assert finding.problems


def test_it_notices_changed_words(signing_key: Path) -> None:
    data = encode_jpeg(picture(prompt="calm"))
    finding = examine(data.replace(b"AISystemVersionUsed>sd-turbo", b"AISystemVersionUsed>sd-eight"), site_anchors())
    assert finding.signature is Signature.BROKEN


def test_it_reports_who_is_not_this_site(signing_key: Path) -> None:
    data = encode_jpeg(picture())
    stranger = make_signing_key("Somebody else", years=1)
    assert examine(data, stranger.anchor).signature is Signature.UNKNOWN_SIGNER
    assert examine(data, "").signature is Signature.UNKNOWN_SIGNER


def test_pictures_of_earlier_keys_stay_the_sites_own(signing_key: Path) -> None:
    early = encode_jpeg(picture())
    call_command("make_signing_key", renew=True, organization="Museum of Joys", verbosity=0)
    late = encode_jpeg(picture())
    assert examine(early, site_anchors()).holds
    assert examine(late, site_anchors()).signer.startswith("Museum of Joys")


def test_a_key_that_has_ended_signs_nothing_more(key_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save_signing_key(make_signing_key("A", years=0), key_path)
    assert examine(encode_jpeg(picture()), site_anchors()).signature is Signature.MISSING
    assert "make_signing_key --renew" in caplog.text


def test_a_signature_ends_with_its_certificate(key_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in (2, 10, 60):  # As short a life as this machine can sign and look within.
        monkeypatch.setattr(signing, "_BEFORE", timedelta(days=365) - timedelta(seconds=seconds))
        save_signing_key(make_signing_key("A", years=1), key_path)
        data = encode_jpeg(picture())
        if held := examine(data, site_anchors()).holds:
            break
    assert held
    time.sleep(max(0.0, (load_signing_key(key_path).expires_at - datetime.now(UTC)).total_seconds()) + 1)
    assert examine(data, site_anchors()).signature is Signature.EXPIRED


def test_saving_again_loses_the_signature(signing_key: Path) -> None:
    stream = io.BytesIO()
    Image.open(io.BytesIO(encode_jpeg(picture()))).save(stream, "JPEG")
    assert examine(stream.getvalue(), site_anchors()).signature is Signature.MISSING


def test_without_a_key_the_xmp_still_speaks(key_path: Path) -> None:
    finding = examine(encode_jpeg(picture()), site_anchors())
    assert finding.signature is Signature.MISSING
    assert (finding.engine, finding.model) == ("Emotion Garden diffusers", "sd-turbo")


def test_signing_can_be_switched_off(signing_key: Path, settings: object) -> None:
    settings.PROVENANCE_SIGNING = False  # type: ignore[attr-defined]
    assert examine(encode_jpeg(picture()), site_anchors()).signature is Signature.MISSING


@pytest.mark.parametrize("content", ["", "junk", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_key_that_is_none_is_named(key_path: Path, content: str) -> None:
    key_path.parent.mkdir()
    key_path.write_text(content)
    with pytest.raises(MisconfiguredError, match="does not hold a signing key"):
        encode_jpeg(picture())


def test_a_chain_of_another_key_is_refused(key_path: Path) -> None:
    save_signing_key(make_signing_key("A", 1), key_path)
    other = make_signing_key("B", 1)
    key_path.write_text(other.key + key_path.read_text()[key_path.read_text().index("-----BEGIN CERT") :])
    with pytest.raises(MisconfiguredError, match="not of this key"):
        encode_jpeg(picture())


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 not really"])
def test_what_is_no_picture_does_not_hold(data: bytes) -> None:
    assert not examine(data, "").holds
