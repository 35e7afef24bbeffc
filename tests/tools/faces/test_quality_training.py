"""How the quality check's limits are found, on outcomes whose truth is known; and photographs made worse."""

from pathlib import Path

import numpy as np
import pytest

from garden.faces.local.faces import Face, find_face
from garden.faces.local.networks import Networks
from garden.faces.local.quality import grey_face, pose, sharpness
from garden.faces.quality import Limits, Quality
from tests.garden.faces.conftest import Pixels
from tools.faces.corruptions import KINDS, blurred, covered, exposed, shaken, shrunk, turned
from tools.faces.quality import BEGIN, END, refusals, with_figures
from tools.faces.quality_trials import AS_IT_IS, WAYS, Outcome, QualityTrial, find_limits

GOOD = Quality(sharpness=0.5, brightness=0.5, eye_distance=60.0, yaw=0.0, pitch=0.0, covered=0.1)


def outcomes(count: int = 400) -> list[Outcome]:
    """Right until the face is darker than 0.2; good photographs are never darker than 0.3."""
    random = np.random.default_rng(0)
    plain = [
        Outcome(AS_IT_IS, 0.0, True, 1.0, Quality(**{**_fields(GOOD), "brightness": b}))
        for b in random.uniform(0.3, 0.6, count)
    ]
    dark = [
        Outcome("dark", b, b > 0.2, 1.0, Quality(**{**_fields(GOOD), "brightness": b}))
        for b in random.uniform(0.0, 0.5, count)
    ]
    return plain + dark


def _fields(quality: Quality) -> dict[str, float | None]:
    names = ("sharpness", "brightness", "eye_distance", "yaw", "pitch", "covered")
    return {name: getattr(quality, name) for name in names}


def test_a_limit_lies_where_readings_go_wrong() -> None:
    limits = find_limits(outcomes())
    assert limits.darkest == pytest.approx(0.2, abs=0.02)


def test_what_never_harms_a_reading_has_no_limit() -> None:
    assert find_limits(outcomes()).brightest is None


def test_a_limit_spares_photographs_as_they_are() -> None:
    """Even where every reading is wrong."""
    wrong = [Outcome(each.way, each.level, each.way == AS_IT_IS, 1.0, each.quality) for each in outcomes()]
    limits = find_limits(wrong)
    plain = [each.quality.brightness or 0 for each in wrong if each.way == AS_IT_IS]
    assert np.mean(np.array(plain) < (limits.darkest or 0)) <= 0.01


def test_its_figures_and_page_say_what_is_refused() -> None:
    known = outcomes()
    found = refusals([QualityTrial("somebody", None, o.way, o.level, None) for o in known], known, Limits(darkest=0.2))
    assert found["as_it_is"]["refused"] == 0
    page = with_figures(
        f"before {BEGIN} old {END} after",
        {**found, "photographs": 400, "people": 400, "date": "today", "limits": {"darkest": 0.2}},
    )
    assert "before" in page
    assert "old" not in page
    assert "| `darkest` | 0.2 |" in page
    with pytest.raises(ValueError, match="quality"):
        with_figures("nothing", found)


@pytest.fixture(scope="module")
def face(models: Path, astronaut: Pixels) -> Face:
    found = find_face(Networks(models), astronaut)
    assert found is not None
    return found


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_blur_and_shaking_take_sharpness(
    models: Path, astronaut: Pixels, face: Face, random: np.random.Generator
) -> None:
    for worse in (blurred(astronaut, face, 0.06, random), shaken(astronaut, face, 0.3, random)):
        found = find_face(Networks(models), worse)
        assert found is not None
        assert sharpness(grey_face(found)) < sharpness(grey_face(face))


def test_light_goes_and_pixels_go(astronaut: Pixels, face: Face, random: np.random.Generator) -> None:
    assert exposed(astronaut, face, 0.1, random).mean() < astronaut.mean() / 2
    assert exposed(astronaut, face, 4.0, random).mean() > astronaut.mean()
    assert shrunk(astronaut, face, face.eye_distance / 2, random).shape == (256, 256, 3)


@pytest.mark.parametrize("degrees", [-25, 25])
def test_a_turned_head_is_measured_as_turned(
    degrees: float, models: Path, astronaut: Pixels, face: Face, random: np.random.Generator
) -> None:
    found = find_face(Networks(models), turned(astronaut, face, degrees, random))
    assert found is not None
    assert pose(found.mesh)[0] - pose(face.mesh)[0] == pytest.approx(degrees, abs=12)


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_something_is_drawn_before_the_face(
    kind: int, astronaut: Pixels, face: Face, random: np.random.Generator
) -> None:
    worse = covered(astronaut, face, kind, random)
    assert worse.shape == astronaut.shape
    assert (worse != astronaut).any(axis=2).mean() > 0.005


def test_levels_stay_between_their_bounds(random: np.random.Generator) -> None:
    for way in WAYS.values():
        assert all(way.least <= way.level(random) <= way.most for _ in range(20))
