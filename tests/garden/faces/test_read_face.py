"""`manage.py read_face`: tables or JSON, and an exit code that can be trusted."""

import json
from pathlib import Path
from typing import Any

import pytest
import skimage
from django.core.management import CommandError, call_command

from tests.garden.faces.conftest import Pixels, encoded


@pytest.fixture(autouse=True)
def _models(settings: Any, models: Path) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.local.LocalAnalyzer", "OPTIONS": {"models": models}}


@pytest.fixture
def happy(tmp_path: Path, astronaut: Pixels) -> Path:
    return written(tmp_path / "happy.jpg", encoded(astronaut))


@pytest.fixture
def faceless(tmp_path: Path) -> Path:
    return written(tmp_path / "coffee.jpg", encoded(skimage.data.coffee()))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return written(tmp_path / "broken.jpg", b"\xff\xd8\xff not a picture")


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_it_prints_a_table(happy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read_face", happy)
    printed = capsys.readouterr().out
    assert printed.startswith(f"{happy}: HAPPY\n  happy")
    assert "  gender      Female" in printed
    assert "  eyeglasses  no" in printed


def test_it_prints_json(happy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read_face", happy, happy, "--json")
    first, second = json.loads(capsys.readouterr().out)
    assert first == second
    assert first["emotion"] == "happy"
    assert first["smile"]["value"] is True
    assert sum(first["scores"].values()) == pytest.approx(1, abs=0.001)


def test_it_fails_with_3_when_a_photo_shows_no_face(
    happy: Path, faceless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="1 of 2 photos show no face") as caught:
        call_command("read_face", happy, faceless)
    assert caught.value.returncode == 3
    assert f"{faceless}: No Face" in capsys.readouterr().out


@pytest.mark.parametrize("problem", ["broken", "missing"])
def test_it_fails_with_1_when_a_photo_cannot_be_read(
    problem: str, happy: Path, broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = broken if problem == "broken" else tmp_path / "missing.jpg"
    with pytest.raises(CommandError, match="1 of 2 photos could not be read") as caught:
        call_command("read_face", path, happy, "--json")
    assert caught.value.returncode == 1
    first, second = json.loads(capsys.readouterr().out)
    assert "error" in first
    assert second["emotion"] == "happy"


def test_it_says_how_to_build_missing_models(happy: Path, settings: Any, tmp_path: Path) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.local.LocalAnalyzer", "OPTIONS": {"models": tmp_path}}
    with pytest.raises(CommandError, match="build_models"):
        call_command("read_face", happy)
