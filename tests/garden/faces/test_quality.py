"""What is a fault, and that worse is never found better."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from garden.faces.quality import Fault, Limits, Quality, beyond, faults, mean_quality, unclear

LIMITS = Limits(
    least_sharpness=0.4,
    most_sharpness=0.8,
    darkest=0.2,
    brightest=0.9,
    most_glare=0.02,
    least_eye_distance=20,
    most_yaw=40,
    most_pitch=30,
    most_roll=40,
    most_covered=0.9,
    least_live=0.5,
    most_beside=0,
)
GOOD = Quality(
    sharpness=0.6,
    brightness=0.5,
    glare=0,
    eye_distance=60,
    yaw=0,
    pitch=0,
    roll=0,
    covered=0.1,
    live=0.9,
    beside=0,
)
WORSE = [
    ("sharpness", 0.1, Fault.BLURRED),
    ("brightness", 0.1, Fault.DARK),
    ("brightness", 0.95, Fault.BRIGHT),
    ("glare", 0.1, Fault.BRIGHT),
    ("eye_distance", 8.0, Fault.SMALL),
    ("yaw", 55.0, Fault.TURNED),
    ("yaw", -55.0, Fault.TURNED),
    ("pitch", -45.0, Fault.TURNED),
    ("roll", 90.0, Fault.TILTED),
    ("roll", -180.0, Fault.TILTED),
    ("sharpness", 0.9, Fault.PICTURE),
    ("covered", 0.99, Fault.COVERED),
    ("live", 0.1, Fault.PICTURE),
    ("beside", 1, Fault.SEVERAL),
]
SHARES = st.floats(0, 1)
QUALITIES = st.builds(
    Quality,
    sharpness=st.none() | SHARES,
    brightness=st.none() | SHARES,
    glare=st.none() | SHARES,
    eye_distance=st.none() | st.floats(0, 500),
    yaw=st.none() | st.floats(-90, 90),
    pitch=st.none() | st.floats(-90, 90),
    roll=st.none() | st.floats(-180, 180),
    covered=st.none() | SHARES,
    live=st.none() | SHARES,
    beside=st.none() | st.integers(0, 5),
)


def test_a_good_look_has_no_fault() -> None:
    assert faults(GOOD, LIMITS) == ()


@pytest.mark.parametrize(("name", "value", "fault"), WORSE)
def test_each_measure_beyond_its_limit_is_its_fault(name: str, value: float, fault: Fault) -> None:
    change: dict[str, Any] = {name: value}
    assert faults(replace(GOOD, **change), LIMITS) == (fault,)


def test_it_takes_a_head_tilted_within_the_limit() -> None:
    assert faults(replace(GOOD, roll=-35.0), LIMITS) == ()


def test_what_is_not_measured_is_no_fault() -> None:
    assert faults(None, LIMITS) == ()
    assert faults(Quality(), LIMITS) == ()


def test_without_limits_nothing_is_a_fault() -> None:
    assert faults(Quality(sharpness=0, brightness=0, eye_distance=1, covered=1, beside=9), Limits()) == ()


def test_what_explains_the_others_is_mended_first() -> None:
    assert faults(replace(GOOD, sharpness=0.1, eye_distance=8, brightness=0.1), LIMITS) == (
        Fault.SMALL,
        Fault.DARK,
        Fault.BLURRED,
    )


@settings(max_examples=60)
@given(QUALITIES, st.sampled_from(WORSE), st.floats(0, 1), st.floats(0, 1))
def test_worse_is_never_found_better(
    quality: Quality, worse: tuple[str, float, Fault], one: float, other: float
) -> None:
    """On the way from good to bad, each step further is at least as far beyond the limit."""
    name, bad, fault = worse
    good = getattr(GOOD, name)
    nearer, farther = (replace(quality, **{name: good + part * (bad - good)}) for part in sorted((one, other)))
    assert beyond(nearer, LIMITS).get(fault, 0) <= beyond(farther, LIMITS).get(fault, 0) + 1e-9
    assert set(faults(nearer, LIMITS)) - {Fault.TURNED} <= set(faults(farther, LIMITS))


@settings(max_examples=60)
@given(st.lists(QUALITIES, min_size=1, max_size=3))
def test_the_mean_of_clear_frames_is_clear(qualities: list[Quality]) -> None:
    clear = [quality for quality in qualities if not unclear(quality, LIMITS)]
    if clear:
        mean = mean_quality(clear)
        assert mean is not None
        assert unclear(mean, LIMITS) == pytest.approx(0, abs=1e-6)


def test_frames_without_measures_have_no_mean() -> None:
    assert mean_quality([None, None]) is None
    assert mean_quality([None, GOOD]) == GOOD
