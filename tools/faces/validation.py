"""How well emotions are read on people that training did not see, and, to show the difference, on those it saw."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from garden.faces.base import NOT_JUDGED, FaceReading
from garden.faces.evaluation.labels import LabelledSample
from garden.faces.local.attributes import age_range, read_appearance, read_smile
from garden.faces.local.calibration import Calibration, Fusion, LinearModel
from garden.faces.local.emotions import TRAINED, fuse, untrained
from garden.faces.local.networks import Networks, Tensor, softmax
from garden.faces.local.own_network import OwnNetwork
from garden.vocabulary import Emotion
from tools.faces.logistic import Flags, Labels, balanced_accuracy, folds
from tools.faces.photographs import Photograph, read_photographs
from tools.faces.train import (
    PARTS,
    Strengths,
    train,
    train_emotions,
    train_looks,
    train_networks,
)

SEVEN: list[Emotion] = [emotion for emotion in Emotion if emotion is not Emotion.CONFUSED]
SIX = [index for index, emotion in enumerate(SEVEN) if emotion is not Emotion.FEAR]
NETWORKS, LOOKS, SHARES = (0.003, 0.01, 0.03), (0.0002, 0.0005, 0.001), (0.0, 0.5, 1.0)

Read = Callable[[list[Photograph], list[Photograph]], Tensor]
"""Trains on some photographs and reads others: N × seven shares."""


def judge_emotions(photographs: list[Photograph], rounds: int = 1, parts: int = PARTS) -> dict[str, dict[str, float]]:
    """`seen`: trained and tested on the same (flattering). `unseen`: by person, with the kept strengths, the mean over
    several ways to divide people. `nested`: by person, with strengths chosen inside each training part."""
    known = [photograph for photograph in photographs if photograph.emotion in SEVEN]
    ways: dict[str, Read] = {"unseen": _as_kept, "nested": _as_chosen}
    return {"seen": scores_of(_as_kept(known, known), known)} | {
        name: _mean([_unseen(known, parts, seed, read) for seed in range(rounds)]) for name, read in ways.items()
    }


def _as_kept(trained: list[Photograph], tested: list[Photograph]) -> Tensor:
    return readings(tested, train_emotions(trained))


def _as_chosen(trained: list[Photograph], tested: list[Photograph]) -> Tensor:
    return readings(tested, train_emotions(trained, choose_strengths(trained)))


def readings(photographs: list[Photograph], model: Fusion) -> Tensor:
    """N × seven shares."""
    return np.array([_seven(fuse(p.evidence, p.looks, model)) for p in photographs])


def _seven(shares: dict[Emotion, float]) -> list[float]:
    return [shares[emotion] for emotion in SEVEN]


def scores_of(shares: Tensor, photographs: list[Photograph]) -> dict[str, float]:
    """The strongest of seven is the answer; `six_without_fear` is the mean recall of the six others."""
    found, labels = shares.argmax(axis=1), _labels(photographs)
    present = [index for index in range(len(SEVEN)) if (labels == index).any()]
    return {
        "seven": balanced_accuracy(found, labels, present),
        "six_without_fear": balanced_accuracy(found, labels, [index for index in SIX if index in present]),
        **{f"recall_{SEVEN[index]}": balanced_accuracy(found, labels, [index]) for index in present},
    }


def _labels(photographs: list[Photograph]) -> Labels:
    return np.array([SEVEN.index(photograph.emotion) for photograph in photographs if photograph.emotion])


def _unseen(photographs: list[Photograph], parts: int, seed: int, read: Read) -> dict[str, float]:
    people = np.array([photograph.person for photograph in photographs])
    shares = np.zeros((len(photographs), len(SEVEN)))
    for out in folds(people, parts, seed):
        shares[out] = read(*_split(photographs, out))
    return scores_of(shares, photographs)


def _split(photographs: list[Photograph], out: Flags) -> tuple[list[Photograph], list[Photograph]]:
    pairs = list(zip(photographs, out, strict=True))
    return [p for p, tested in pairs if not tested], [p for p, tested in pairs if tested]


def choose_strengths(photographs: list[Photograph], parts: int = PARTS) -> Strengths:
    """The best of a small grid, by person, among these photographs alone."""
    people = np.array([photograph.person for photograph in photographs])
    tried = list(product(NETWORKS, LOOKS, SHARES))
    shares = {key: np.zeros((len(photographs), len(SEVEN))) for key in tried}
    for out in folds(people, parts, seed=100):
        kept, tested = _split(photographs, out)
        trained = [photograph for photograph in kept if photograph.emotion in TRAINED]
        evidence, looks = _logits(trained, tested)
        for key in tried:
            shares[key][out] = [
                _with_untrained(p, evidence[key[0]][i] + key[2] * looks[key[1]][i]) for i, p in enumerate(tested)
            ]
    return Strengths(*max(tried, key=lambda key: scores_of(shares[key], photographs)["six_without_fear"]))


def _logits(trained: list[Photograph], tested: list[Photograph]) -> tuple[dict[float, Tensor], dict[float, Tensor]]:
    """Of both kinds of model, for every strength."""
    features, described = np.stack([p.evidence.features for p in tested]), np.stack([p.looks for p in tested])

    def of(
        train: Callable[[list[Photograph], float], LinearModel], strengths: tuple[float, ...], rows: Tensor
    ) -> dict[float, Tensor]:
        return {strength: train(trained, strength).logits(rows) for strength in strengths}

    return of(train_networks, NETWORKS, features), of(train_looks, LOOKS, described)


def _with_untrained(photograph: Photograph, logits: Tensor) -> list[float]:
    disgust, fear = untrained(photograph.evidence)
    trained = dict(zip(TRAINED, (softmax(logits) * (1 - disgust - fear)).tolist(), strict=True))
    return _seven({**trained, Emotion.DISGUSTED: disgust, Emotion.FEAR: fear})


def _mean(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {key: float(np.mean([scores[key] for scores in rounds])) for key in rounds[0]}


TENTHS, SEED = 10, 0

Train = Callable[[list[Photograph]], Calibration]


def cross_validated(
    samples: Sequence[LabelledSample],
    networks: Networks,
    with_training: Train = train,
    own: OwnNetwork | None = None,
) -> list[LabelledSample]:
    """The same samples, each read with numbers trained on other people: a person is never in two of the parts."""
    read = {str(sample.labelled.path): sample.reading for sample in samples if sample.reading}
    photographs = read_photographs((sample.labelled for sample in samples if sample.reading), networks, own)
    people = np.array([photograph.person for photograph in photographs])
    anew: dict[str, FaceReading] = {}
    for out in folds(people, min(TENTHS, len(set(people))), SEED):
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
        scores=fuse(photograph.evidence, photograph.looks, numbers.emotions),
        smile=read_smile(photograph.smile, numbers),
        eyeglasses=appearance.eyeglasses,
        sunglasses=appearance.sunglasses,
        beard=appearance.beard,
        mustache=appearance.mustache,
        eyes_open=NOT_JUDGED if appearance.sunglasses.value else reading.eyes_open,
        age_low=low,
        age_high=high,
    )
