"""Finding the trained numbers: on photographs made up so that the right answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from garden.faces.local.emotions import TRAINED, Evidence, fuse
from garden.vocabulary import Emotion
from tools.faces import validation
from tools.faces.agreement import agreement
from tools.faces.logistic import folds
from tools.faces.photographs import Photograph
from tools.faces.train import best_threshold, train_age_width, train_emotions
from tools.faces.validation import judge_emotions

PLACES = {
    Emotion.CALM: (0, 6),
    Emotion.HAPPY: (1, 3),
    Emotion.SAD: (2, 4),
    Emotion.ANGRY: (3, 0),
    Emotion.SURPRISED: (6, 5),
}
"""Where an emotion is among the outputs of the expression and of the emotion network."""


def photograph(number: int, emotion: Emotion, random: np.random.Generator) -> Photograph:
    """The networks are mostly right; what faceres sees is noise."""
    expression, other = random.normal(0, 1, 7), random.normal(0, 1, 7)
    expression[PLACES[emotion][0]] += 2.5
    other[PLACES[emotion][1]] += 1.5
    description = random.normal(0, 1, (2, 1024))
    return Photograph(
        file=f"{number}.jpg",
        person=f"person {number // 2}",
        emotion=emotion,
        evidence=Evidence(other.astype(np.float32), expression.astype(np.float32)),
        smile=np.zeros(4),
        description=description,
        shaded=description,
        guess=(40.0, 5.0),
        age=None,
        attributes={},
    )


@pytest.fixture(scope="module")
def photographs() -> list[Photograph]:
    random = np.random.default_rng(0)
    return [photograph(number, TRAINED[number % 5], random) for number in range(80)]


def test_it_learns_what_the_networks_see(photographs: list[Photograph]) -> None:
    model = train_emotions(photographs[:60])
    read = [fuse(p.evidence, p.looks, model) for p in photographs[60:]]
    right = [max(shares, key=shares.__getitem__) is p.emotion for shares, p in zip(read, photographs[60:], strict=True)]
    assert sum(right) >= 15


def test_it_finds_the_same_numbers_every_time(photographs: list[Photograph]) -> None:
    one, other = (train_emotions(photographs[:40]) for _ in range(2))
    np.testing.assert_array_equal(one.looks.weights, other.looks.weights)
    np.testing.assert_array_equal(one.networks.weights, other.networks.weights)


def test_it_judges_people_it_saw_more_kindly_than_others(
    photographs: list[Photograph], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "NETWORKS", (0.01,))
    monkeypatch.setattr(validation, "LOOKS", (0.0005,))
    figures = judge_emotions(photographs[:40], parts=2)
    assert set(figures) == {"seen", "unseen", "nested"}
    assert figures["seen"]["seven"] > figures["unseen"]["seven"]


def test_it_learns_from_a_sites_own_network_as_well(photographs: list[Photograph]) -> None:
    certain = [
        replace(
            p, evidence=replace(p.evidence, own=9 * np.eye(len(TRAINED), dtype=np.float32)[TRAINED.index(p.emotion)])
        )
        for p in photographs
        if p.emotion
    ]
    model = train_emotions(certain[:60])
    read = [fuse(p.evidence, p.looks, model) for p in certain[60:]]
    right = [max(shares, key=shares.__getitem__) is p.emotion for shares, p in zip(read, certain[60:], strict=True)]
    assert all(right)


def test_the_threshold_has_the_best_f1() -> None:
    logits, flags = np.array([3.0, 2.0, 1.0, 0.5, -1.0]), np.array([True, False, True, False, False])
    assert best_threshold(logits, flags) == 0.75


def test_nobody_is_in_two_parts() -> None:
    people = np.array([f"person {number // 3}" for number in range(30)])
    parts = list(folds(people, 4, seed=1))
    assert np.sum(parts, axis=0).tolist() == [1] * 30
    assert all(len(set(people[part]) & set(people[~part])) == 0 for part in parts)


def test_an_age_range_is_made_to_hold_four_ages_of_five(photographs: list[Photograph]) -> None:
    known = [replace(p, person=p.file, age=40.0 + miss) for p, miss in zip(photographs, range(1, 11), strict=False)]
    width = train_age_width(known)
    assert sum(abs(p.age - 40) <= width * 5 for p in known if p.age) in (8, 9)
    assert train_age_width(photographs) == 1


def test_agreement_counts_each_emotion_alike_and_leaves_out_who_was_not_judged_twice() -> None:
    labels = {"1": Emotion.CALM, "2": Emotion.CALM, "3": Emotion.CALM, "4": Emotion.SAD, "5": Emotion.HAPPY}
    second = {"1": Emotion.CALM, "2": Emotion.CALM, "3": Emotion.SAD, "4": Emotion.SAD}
    balanced, kappa, count = agreement(labels, second)
    assert balanced == pytest.approx((2 / 3 + 1) / 2)
    assert kappa == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    assert count == 4
