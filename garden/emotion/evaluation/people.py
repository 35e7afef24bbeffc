"""How well everything but the emotion is read: attributes, gender, age."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from garden.emotion.base import Attribute, FaceReading
from garden.emotion.evaluation.figures import share
from garden.emotion.evaluation.samples import Sample
from garden.emotion.report import ATTRIBUTES
from garden.vocabulary import Gender

WANTED = 0.8
"""The share of age ranges that should hold the age."""


def attribute_figures(samples: Sequence[Sample]) -> dict[str, Any]:
    """For each attribute that the labels know and the analyzer judges."""
    tables = {name: _labelled(samples, name) for name in ATTRIBUTES}
    return {name: _attribute(pairs) for name, pairs in tables.items() if pairs}


def _labelled(samples: Sequence[Sample], name: str) -> list[tuple[bool, Attribute]]:
    return [
        (sample.labelled.attributes[name], attribute)
        for sample in samples
        if sample.reading and name in sample.labelled.attributes
        if (attribute := getattr(sample.reading, name)).value is not None
    ]


def _attribute(pairs: list[tuple[bool, Attribute]]) -> dict[str, Any]:
    truth = np.array([true for true, _ in pairs])
    said = np.array([read.value for _, read in pairs])
    sure = np.array([read.confidence if read.value else 1 - read.confidence for _, read in pairs])
    return {
        "accuracy": share(int((truth == said).sum()), len(pairs)),
        "found": share(int((truth & said).sum()), int(truth.sum())),
        "rightly_denied": share(int((~truth & ~said).sum()), int((~truth).sum())),
        "area_under_curve": _area(sure, truth),
        "mean_confidence": float(np.mean([read.confidence for _, read in pairs])),
    }


def _area(scores: np.ndarray, positive: np.ndarray) -> float | None:
    """How often a positive scores above a negative; ties count half."""
    yes, no = scores[positive], scores[~positive]
    if not len(yes) or not len(no):
        return None
    above = (yes[:, None] > no[None]).mean() + (yes[:, None] == no[None]).mean() / 2
    return float(above)


def gender_figures(samples: Sequence[Sample]) -> dict[str, Any]:
    """For each gender that the labels know, how often it is read."""
    return {
        gender.value: _rightly(samples, gender)
        for gender in Gender
        if any(sample.labelled.gender is gender for sample in samples)
    }


def _rightly(samples: Sequence[Sample], gender: Gender) -> dict[str, Any]:
    readings = [sample.reading for sample in samples if sample.reading and sample.labelled.gender is gender]
    return share(sum(reading.gender is gender for reading in readings), len(readings))


def age_figures(samples: Sequence[Sample]) -> dict[str, Any] | None:
    """None when no age is known.."""
    known = [(s.labelled.age, s.reading) for s in samples if s.reading and s.labelled.age is not None]
    if not known:
        return None
    held = sum(_holds(reading, age) for age, reading in known)
    return {
        "held": share(held, len(known)),
        "wanted": WANTED,
        "mean_width": float(np.mean([reading.age_high - reading.age_low for _, reading in known])),
        "mean_error": float(np.mean([abs((reading.age_low + reading.age_high) / 2 - age) for age, reading in known])),
    }


def _holds(reading: FaceReading, age: float) -> bool:
    return reading.age_low <= age <= reading.age_high
