"""Training and judging the fusion of the two emotion networks."""

from collections import Counter

import numpy as np

from garden.emotion.local.calibration import LinearModel
from garden.emotion.local.fusion import TRAINED, fuse
from garden.emotion.local.training.logistic import Flags, Labels, Recipe, balanced_accuracy, fit, folds
from garden.emotion.local.training.photographs import Photograph
from garden.vocabulary import Emotion

RECIPE = Recipe(classes=len(TRAINED), strength=0.03)
MOST_OF_ONE_PERSON = 40
"""Who has more photographs than this is left out: a model would learn the person and the film, not the emotion."""

SEVEN: list[Emotion] = [emotion for emotion in Emotion if emotion is not Emotion.CONFUSED]


def train_emotions(photographs: list[Photograph]) -> LinearModel:
    return fit(*_rows(photographs), RECIPE)


def judge_emotions(photographs: list[Photograph], rounds: int = 5, parts: int = 5) -> dict[str, float]:
    """Balanced accuracies on people that training did not see, the mean over several ways to divide them."""
    people = np.array([photograph.person for photograph in photographs])
    labels = np.array([SEVEN.index(photograph.emotion) for photograph in photographs])
    runs = [_cross_validated(photographs, list(folds(people, parts, seed))) for seed in range(rounds)]
    return {key: float(np.mean([score[key] for score in (_scores(run, labels) for run in runs)])) for key in _KEYS}


_KEYS = ("seven", "six_without_fear", "five_trained", *(f"recall_{emotion}" for emotion in SEVEN))


def _cross_validated(photographs: list[Photograph], held_out: list[Flags]) -> np.ndarray:
    shares = np.zeros((len(photographs), len(SEVEN)))
    for out in held_out:
        model = train_emotions([photograph for photograph, tested in zip(photographs, out, strict=True) if not tested])
        for index in np.flatnonzero(out):
            reading = fuse(photographs[index].evidence, model)
            shares[index] = [reading[emotion] for emotion in SEVEN]
    return shares


def _scores(shares: np.ndarray, labels: Labels) -> dict[str, float]:
    found = shares.argmax(axis=1)
    fear = SEVEN.index(Emotion.FEAR)
    fearless = np.where(np.arange(len(SEVEN)) == fear, -1, shares).argmax(axis=1)
    trained = [SEVEN.index(emotion) for emotion in TRAINED]
    return {
        "seven": balanced_accuracy(found, labels, list(range(len(SEVEN)))),
        "six_without_fear": balanced_accuracy(fearless, labels, [i for i in range(len(SEVEN)) if i != fear]),
        "five_trained": balanced_accuracy(found, labels, trained),
        **{f"recall_{emotion}": balanced_accuracy(found, labels, [i]) for i, emotion in enumerate(SEVEN)},
    }


def _rows(photographs: list[Photograph]) -> tuple[np.ndarray, Labels]:
    counts = Counter(photograph.person for photograph in photographs)
    chosen = [
        photograph
        for photograph in photographs
        if photograph.emotion in TRAINED and counts[photograph.person] <= MOST_OF_ONE_PERSON
    ]
    labels = np.array([TRAINED.index(photograph.emotion) for photograph in chosen])
    return np.stack([photograph.evidence.features for photograph in chosen]), labels
