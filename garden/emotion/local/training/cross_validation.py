"""The local analyzer's readings of people that its trained numbers never saw."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from garden.emotion.base import FaceReading
from garden.emotion.evaluation.samples import Sample
from garden.emotion.local.appearance import read_appearance
from garden.emotion.local.calibration import Calibration
from garden.emotion.local.confusion import with_confusion
from garden.emotion.local.demographics import age_range
from garden.emotion.local.fusion import fuse
from garden.emotion.local.mouth import read_smile
from garden.emotion.local.networks import Networks
from garden.emotion.local.training.calibrating import train
from garden.emotion.local.training.logistic import folds
from garden.emotion.local.training.photographs import Photograph, read_photographs

PARTS, SEED = 10, 0

Train = Callable[[list[Photograph]], Calibration]


def cross_validated(samples: Sequence[Sample], networks: Networks, with_training: Train = train) -> list[Sample]:
    """The same samples, each read with numbers trained on other people: a person is never in two of the parts."""
    read = {str(sample.labelled.path): sample.reading for sample in samples if sample.reading}
    photographs = read_photographs((sample.labelled for sample in samples if sample.reading), networks)
    people = np.array([photograph.person for photograph in photographs])
    anew: dict[str, FaceReading] = {}
    for out in folds(people, min(PARTS, len(set(people))), SEED):
        numbers = with_training([p for p, tested in zip(photographs, out, strict=True) if not tested])
        tested = [photographs[index] for index in np.flatnonzero(out)]
        anew |= {each.file: reread(read[each.file], each, numbers) for each in tested}
    return [replace(sample, reading=anew.get(str(sample.labelled.path))) for sample in samples]


def reread(reading: FaceReading, photograph: Photograph, numbers: Calibration) -> FaceReading:
    """What other trained numbers make of the same photograph; what is not trained stays."""
    appearance = read_appearance(photograph.looks, numbers)
    low, high = age_range(photograph.guess, numbers)
    return replace(
        reading,
        scores=with_confusion(fuse(photograph.evidence, photograph.looks, numbers.emotions), photograph.mesh),
        smile=read_smile(photograph.smile, numbers),
        eyeglasses=appearance.eyeglasses,
        sunglasses=appearance.sunglasses,
        beard=appearance.beard,
        mustache=appearance.mustache,
        age_low=low,
        age_high=high,
    )
