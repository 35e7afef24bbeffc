"""Groups of people: compared on the same emotions, named when they are served worse."""

from typing import Any

import numpy as np
import pytest

from garden.emotion.evaluation.evaluation import evaluate
from garden.emotion.evaluation.skin import name_of, typology_angle
from tests.garden.emotion.evaluation.samples import sample

ABOUT = {"analyzer": "an analyzer", "source": "photographs", "cross_validated": False}


def rows(report: dict[str, Any], by: str) -> dict[str, Any]:
    return {row["group"]: row for row in report["groups"][by]["rows"]}


def test_a_group_is_compared_on_the_emotions_that_it_shows() -> None:
    """All women are angry, which is hard for everybody: they are not called worse for it."""
    women = [sample("angry", read, gender="female") for read in ("angry", "sad") * 5]
    men = [sample("angry", read, gender="male") for read in ("angry", "sad") * 5]
    men += [sample("happy", "happy", gender="male") for _ in range(10)]
    report = evaluate([*women, *men], ABOUT)
    assert rows(report, "gender")["Female"]["difference"] == 0
    assert report["worse_groups"] == []


def test_a_group_that_is_read_worse_is_named() -> None:
    old = [sample("happy", "sad", age=80) for _ in range(8)]
    young = [sample("happy", "happy", age=20) for _ in range(12)]
    report = evaluate([*old, *young, sample("sad", "sad", age=20)], ABOUT)
    (named,) = report["worse_groups"]
    assert (named["by"], named["group"]) == ("age", "elder")
    assert named["difference"] == pytest.approx(-0.6)


def test_few_photographs_are_no_evidence() -> None:
    young = [sample("happy", "happy", age=20) for _ in range(12)]
    report = evaluate([sample("happy", "sad", age=80), sample("sad", "sad", age=20), *young], ABOUT)
    assert rows(report, "age")["elder"]["difference"] is None
    assert report["worse_groups"] == []


def test_it_says_that_groups_come_from_readings_where_no_label_tells() -> None:
    report = evaluate([sample("happy", "happy") for _ in range(6)], ABOUT)
    assert report["groups"]["gender"]["from"] == "readings"
    assert report["groups"]["age"]["from"] == "readings"
    assert list(rows(report, "age")) == ["adult"]


def test_skin_tones_are_named_by_their_angle() -> None:
    report = evaluate([sample("happy", "happy", tone=tone) for tone in (60, 60, -50, None)], ABOUT)
    counts = {name: row["accuracy"]["count"] for name, row in rows(report, "skin_tone").items()}
    assert counts == {"very light": 2, "dark": 1, "not measured": 1}


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((245, 225, 205), "very light"),
        ((205, 160, 125), "intermediate"),
        ((140, 95, 65), "brown"),
        ((60, 38, 28), "dark"),
    ],
)
def test_tones_are_measured_from_pixels(colour: tuple[int, int, int], name: str) -> None:
    angle = typology_angle(np.full((50, 3), colour, np.uint8))
    assert angle is not None
    assert name_of(angle) == name


def test_a_photograph_without_colours_has_no_tone() -> None:
    grey = np.repeat(np.arange(50, 200, dtype=np.uint8)[:, None], 3, axis=1)
    assert typology_angle(grey) is None
