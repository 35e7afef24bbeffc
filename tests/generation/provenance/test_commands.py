import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from generation.backends import check_signing_key
from generation.provenance import encode_jpeg
from generation.signing import make_signing_key, save_signing_key
from tests.generation.provenance.conftest import picture

KEY = "emotions/calm/img_0h.jpeg"


def make(**options: Any) -> str:
    out = io.StringIO()
    call_command("make_signing_key", stdout=out, **options)
    return out.getvalue()


def verify(*names: str, **options: Any) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_image", *names, stdout=out, **options)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_it_makes_a_key_that_only_its_owner_reads(key_path: Path) -> None:
    assert str(key_path) in make()
    assert {stat.S_IMODE(file.stat().st_mode) for file in key_path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(key_path.parent.stat().st_mode) == 0o700


def test_it_makes_the_key_once(key_path: Path) -> None:
    make()
    before = key_path.read_bytes()
    assert "already" in make()
    assert key_path.read_bytes() == before


def test_a_dry_run_makes_nothing(key_path: Path) -> None:
    assert "would be made" in make(dry_run=True)
    assert not key_path.parent.exists()


@pytest.mark.parametrize("options", [{"years": 0}, {"organization": ""}, {"organization": "o" * 51}])
def test_it_refuses_what_no_certificate_can_say(options: dict[str, Any], key_path: Path) -> None:
    with pytest.raises(CommandError, match="must be"):
        make(**options)


def test_it_verifies_a_stored_picture(signing_key: Path) -> None:
    default_storage.save(KEY, ContentFile(encode_jpeg(picture())))
    code, out = verify(KEY)
    assert code == 0
    assert "signature  valid" in out
    assert "made by    diffusers sd-turbo" in out
    assert "source     trainedAlgorithmicMedia" in out


def test_the_exit_code_reports_one_bad_picture_among_good_ones(signing_key: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jpeg", tmp_path / "bad.jpeg"
    data = encode_jpeg(picture())
    good.write_bytes(data)
    bad.write_bytes(data[:-300] + bytes(300))
    code, out = verify(str(good), str(bad), json=True)
    rows = json.loads(out)
    assert code == 1
    assert [row["holds"] for row in rows] == [True, False]
    assert rows[1]["signature"] == "broken"
    assert "dataHash.mismatch" in rows[1]["problems"][0]


def test_it_can_trust_another_site(signing_key: Path, key_path: Path, tmp_path: Path) -> None:
    data = tmp_path / "theirs.jpeg"
    theirs = make_signing_key("Their museum", 1)
    save_signing_key(theirs, key_path)
    data.write_bytes(encode_jpeg(picture()))
    save_signing_key(make_signing_key("Our museum", 1), key_path)
    anchors = key_path.with_name("anchors.pem")
    trusted = tmp_path / "theirs.pem"
    trusted.write_text(theirs.anchor)
    anchors.write_text(anchors.read_text().replace(theirs.anchor, ""))
    assert verify(str(data))[0] == 1
    assert verify(str(data), trust=trusted)[0] == 0


def test_it_refuses_authorities_that_are_none(signing_key: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no certificates"):
        verify(str(signing_key), trust=tmp_path / "nothing.pem")


@pytest.mark.parametrize("name", ["emotions/calm/none.jpeg", "../../etc/none"])
def test_it_says_what_is_not_there(name: str) -> None:
    with pytest.raises(CommandError, match="neither a file nor the key"):
        verify(name)


def test_a_spoilt_key_is_named_and_can_be_renewed(key_path: Path, tmp_path: Path) -> None:
    key_path.parent.mkdir()
    key_path.write_text("junk")
    with pytest.raises(CommandError, match="does not hold a signing key"):
        verify(str(key_path))
    make(renew=True)
    assert check_signing_key() == []


def test_checks_are_silent_about_a_good_key(signing_key: Path) -> None:
    assert check_signing_key() == []
    assert check_signing_key in registry.get_checks()


def test_checks_name_an_open_a_spoilt_and_an_ending_key(key_path: Path) -> None:
    save_signing_key(make_signing_key("A", years=0), key_path)
    key_path.chmod(0o644)
    assert {message.id for message in check_signing_key()} == {
        "generation.signing_key_open",
        "generation.signing_key_ends",
    }
    key_path.write_text("junk")
    assert [message.id for message in check_signing_key()] == ["generation.signing_key"]
