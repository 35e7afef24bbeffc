"""`manage.py evaluate_faces` on real photographs, with the analyzer that the settings name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage
from django.core.management import CommandError, call_command

from garden.faces.local.networks import Networks
from garden.management.commands import evaluate_faces
from tests.garden.faces.conftest import Pixels, encoded
from tools.faces import validation
from tools.faces.photographs import Photograph


@pytest.fixture(autouse=True)
def _models(settings: Any, models: Path) -> None:
    settings.FACE_ANALYZER = {"BACKEND": "garden.faces.local.LocalAnalyzer", "OPTIONS": {"models": models}}


@pytest.fixture
def place(tmp_path: Path, astronaut: Pixels) -> Path:
    """The astronaut, once mirrored, and a cup of coffee."""
    for name, pixels in (("a", astronaut), ("b", astronaut[:, ::-1]), ("c", skimage.data.coffee())):
        (tmp_path / f"{name}.jpg").write_bytes(encoded(np.ascontiguousarray(pixels)))
    rows = [
        "file,person,label,gender,smile,age",
        "a.jpg,A,happiness,female,1,41",
        "b.jpg,B,joy,female,1,41",
        "c.jpg,C,joy,,,",
    ]
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_it_writes_json_and_prints_tables(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate_faces", place, json=place / "out.json", verbosity=0)
    report = json.loads((place / "out.json").read_text())
    assert report["photographs"] == {
        "labelled": 3,
        "people": 3,
        "read": 2,
        "no_face": 1,
        "unreadable": 0,
        "most_of_one_person": 1,
    }
    assert report["emotions"]["recall"]["happy"]["right"] == 2
    assert report["attributes"]["smile"]["accuracy"]["right"] == 2
    assert report["gender"]["Female"]["right"] == 2
    assert report["time"]["p50_ms"] > 0
    assert "Recall" in capsys.readouterr().out


def test_it_renews_a_model_card(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate_faces, "LATEST", place / "latest.json")
    card = place / "card.md"
    card.write_text("# Card\n<!-- evaluation -->\n<!-- end of evaluation -->\n")
    call_command("evaluate_faces", place, card=card, limit=1, verbosity=0)
    assert "| happy | 1 | 100% |" in " ".join(card.read_text().split())
    assert json.loads((place / "latest.json").read_text())["photographs"]["read"] == 1


def test_it_reads_a_person_with_numbers_of_other_people_only(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from garden.faces.base import FaceReading
    from garden.faces.evaluation.labels import read_labels, read_samples
    from garden.faces.local.calibration import Calibration, calibration
    from garden.faces.registry import get_face_analyzer

    taught: list[set[str]] = []
    read: list[str] = []

    def train(photographs: list[Photograph]) -> Calibration:
        taught.append({photograph.person for photograph in photographs})
        return calibration()

    again = validation.reread

    def reread(reading: FaceReading, photograph: Photograph, numbers: Calibration) -> FaceReading:
        read.append(photograph.person)
        assert photograph.person not in taught[-1]
        return again(reading, photograph, numbers)

    monkeypatch.setattr(validation, "reread", reread)
    analyzer = get_face_analyzer()
    samples = list(read_samples(analyzer, read_labels(place)))
    anew = validation.cross_validated(samples, Networks(analyzer.models), train)  # type: ignore[attr-defined]
    assert sorted(read) == ["A", "B"]
    assert [sample.reading for sample in anew] == [sample.reading for sample in samples]


def test_it_says_that_labels_are_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="labels no photograph"):
        call_command("evaluate_faces", tmp_path, verbosity=0)


def test_it_refuses_a_backend_that_is_no_analyzer(place: Path) -> None:
    with pytest.raises(CommandError, match="not a FaceAnalyzer"):
        call_command("evaluate_faces", place, analyzer="garden.faces.photo.Photo", verbosity=0)
