"""What an analyzer does not judge is told as such everywhere, and counts as neither yes nor no."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from garden.api.serializers import describe_reading
from garden.faces.base import NOT_JUDGED, Attribute
from garden.faces.evaluation.figures import attribute_figures
from garden.faces.frames import Frames, mean_reading, smoothed
from garden.faces.local import LocalAnalyzer
from tests.garden.faces.evaluation.samples import reading, sample

YES = Attribute(value=True, confidence=0.9)


def test_clients_get_null() -> None:
    answer = describe_reading("ann", reading("happy", beard=NOT_JUDGED))
    assert answer["beard"] is None
    assert answer["smile"] is False


def test_whether_the_eyes_are_open_stays_a_boolean_for_clients() -> None:
    closed = Attribute(value=False, confidence=0.9)
    for eyes, reported in ((YES, (True, True)), (closed, (False, True)), (NOT_JUDGED, (False, False))):
        answer = describe_reading("ann", reading("happy", eyes_open=eyes))
        assert (answer["eyesOpen"], answer["eyesSeen"]) == reported


def test_a_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(LocalAnalyzer, "read", lambda self, photo: reading("happy", beard=NOT_JUDGED), raising=False)
    (tmp_path / "photo.jpeg").write_bytes(b"")
    call_command("read_face", tmp_path / "photo.jpeg")
    assert "  beard       not judged\n" in capsys.readouterr().out
    call_command("read_face", tmp_path / "photo.jpeg", "--json")
    assert json.loads(capsys.readouterr().out)[0]["beard"] == {"value": None, "confidence": 0.0}


def test_of_several_frames_those_that_judge_it_count() -> None:
    frames = [reading("happy", beard=NOT_JUDGED, smile=NOT_JUDGED), reading("happy", beard=YES, smile=NOT_JUDGED)]
    assert mean_reading(frames).beard == YES
    assert mean_reading(frames).smile == NOT_JUDGED


def test_an_evaluation_does_not_count_it_as_wrong() -> None:
    labels = {"beard": True, "smile": True}
    read = [reading("happy", beard=each, smile=NOT_JUDGED) for each in (YES, NOT_JUDGED)]
    figures = attribute_figures([sample("happy", each, attributes=labels) for each in read])
    assert figures["beard"]["accuracy"]["count"] == 1
    assert "smile" not in figures


def test_an_analyzer_may_want_fewer_frames_than_come() -> None:
    asked: list[bytes] = []

    def read(photo: bytes) -> object:
        asked.append(bytes(photo))
        return reading("happy")

    for most, wanted in ((1, [b"a"]), (2, [b"a", b"b"]), (None, [b"a", b"b", b"c"])):
        asked.clear()
        smoothed(read, most=most)(Frames.of([b"a", b"b", b"c"]))  # type: ignore[arg-type]
        assert asked == wanted
