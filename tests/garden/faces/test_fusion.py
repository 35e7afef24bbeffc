"""Fusing both networks, and the other numbers made from distributions."""

from dataclasses import replace

import numpy as np
import pytest

from garden.faces.local.attributes import age_guess, age_range
from garden.faces.local.calibration import calibration
from garden.faces.local.emotions import Evidence, fuse
from garden.vocabulary import Emotion

EMOTION = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
EXPRESSION = ["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"]


def agreed(emotion: str, expression: str, strength: float = 9) -> Evidence:
    """Both networks are sure of a class."""
    return Evidence(
        np.array([strength * (name == emotion) for name in EMOTION], np.float32),
        np.array([strength * (name == expression) for name in EXPRESSION], np.float32),
    )


def nobody_in_particular() -> np.ndarray:
    """faceres' features that speak for no emotion."""
    return calibration().emotions.looks.mean


def peaked(age: int, spread: float) -> np.ndarray:
    shares = np.exp(-((np.arange(100) - age) ** 2) / (2 * spread**2))
    return np.asarray(shares / shares.sum())


@pytest.mark.parametrize(
    ("emotion", "expression", "expected"),
    [
        ("happy", "happy", Emotion.HAPPY),
        ("neutral", "neutral", Emotion.CALM),
        ("surprise", "surprised", Emotion.SURPRISED),
        ("angry", "angry", Emotion.ANGRY),
        ("sad", "sad", Emotion.SAD),
        ("fear", "fearful", Emotion.FEAR),
        ("disgust", "disgusted", Emotion.DISGUSTED),
    ],
)
def test_it_follows_both_networks_when_they_agree(emotion: str, expression: str, expected: Emotion) -> None:
    scores = fuse(agreed(emotion, expression), nobody_in_particular())
    assert max(scores, key=scores.__getitem__) is expected


def test_it_gives_shares_that_sum_to_one_and_never_reads_confusion() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        evidence = Evidence(*random.normal(0, 5, (2, 7)).astype(np.float32))
        scores = fuse(evidence, random.normal(0, 1, 1024).astype(np.float32))
        assert set(scores) == set(Emotion)
        assert scores[Emotion.CONFUSED] == 0
        assert sum(scores.values()) == pytest.approx(1)
        assert min(scores.values()) >= 0


def test_its_trained_numbers_have_the_shapes_the_code_expects() -> None:
    numbers = calibration()
    models = (numbers.emotions.networks, numbers.emotions.looks, numbers.smile, numbers.appearance)
    assert [model.weights.shape for model in models] == [(28, 5), (1024, 5), (4, 1), (1024, 4)]


def test_it_takes_fear_and_disgust_from_no_network_alone() -> None:
    for emotion, expression in (("fear", "surprised"), ("surprise", "fearful"), ("disgust", "angry")):
        scores = fuse(agreed(emotion, expression), nobody_in_particular())
        assert scores[Emotion.FEAR] + scores[Emotion.DISGUSTED] < 0.1


def test_an_age_range_is_around_the_age_and_never_empty() -> None:
    for age in range(0, 100, 3):
        low, high = age_range(age_guess(float(age), peaked(age, 8)))
        assert 0 <= low < high
        assert low <= max(age, 1) <= high


def test_an_age_range_is_narrower_for_children() -> None:
    child, adult = (age_range(age_guess(age, peaked(int(age), 12))) for age in (4.0, 40.0))
    assert child[1] - child[0] < adult[1] - adult[0]


def test_an_age_range_is_as_wide_as_four_of_five_need() -> None:
    numbers = calibration()
    narrow, wide = (age_range((40.0, 8.0), replace(numbers, age_width=width)) for width in (1.0, 2.0))
    assert (narrow, wide) == ((32, 48), (24, 56))


def test_an_age_range_never_goes_below_zero() -> None:
    assert age_range(age_guess(-3.0, peaked(1, 3)))[0] == 0
