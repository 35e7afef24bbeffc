"""The figures of a classifier: confusions, recalls with their intervals, calibration, abstention."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden.vocabulary import Emotion

BINS = 10
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
Z = 1.959964

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is true, and the shares an analyzer gives."""

    truth: Emotion
    scores: Mapping[Emotion, float]

    def found(self, words: Sequence[Emotion]) -> Emotion:
        """The strongest of the words that the labels know."""
        return max(words, key=lambda word: self.scores[word])

    def confidence(self, words: Sequence[Emotion]) -> float:
        """The strongest share, among those of the words."""
        total = sum(self.scores[word] for word in words)
        return max(self.scores[word] for word in words) / total if total > 0 else 0.0


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    share, edge = right / count, Z * Z / count
    middle = (share + edge / 2) / (1 + edge)
    half = Z / (1 + edge) * math.sqrt(share * (1 - share) / count + edge / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(right: int, count: int) -> dict[str, Any]:
    low, high = wilson(right, count)
    return {
        "count": count,
        "right": right,
        "share": right / count if count else None,
        "low": low,
        "high": high,
    }


def emotion_figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Over the words that the labels know, in the order of the vocabulary."""
    words = [emotion for emotion in Emotion if any(answer.truth is emotion for answer in answers)]
    found = [answer.found(words) for answer in answers]
    confusion = _confusion(answers, found, words)
    recalls = {word.value: share(confusion[word][word], sum(confusion[word].values())) for word in words}
    means = {word: recalls[word.value]["share"] for word in words}
    return {
        "words": [word.value for word in words],
        "confusion": {a.value: {b.value: n for b, n in row.items()} for a, row in confusion.items()},
        "recall": recalls,
        "accuracy": share(sum(confusion[word][word] for word in words), len(answers)),
        "balanced_accuracy": float(np.mean(list(means.values()))),
        "balanced_accuracy_without": {
            word.value: float(np.mean([mean for other, mean in means.items() if other is not word])) for word in words
        }
        if len(words) > 1
        else {},
        "macro_f1": float(np.mean([_f1(confusion, word) for word in words])),
        "answered_confused": sum(max(answer.scores, key=answer.scores.__getitem__) not in words for answer in answers),
        "calibration": calibration(answers, words),
        "abstention": [abstention(answers, words, threshold) for threshold in THRESHOLDS],
    }


def _confusion(
    answers: Sequence[Answer], found: Sequence[Emotion], words: Sequence[Emotion]
) -> dict[Emotion, dict[Emotion, int]]:
    table = {truth: dict.fromkeys(words, 0) for truth in words}
    for answer, word in zip(answers, found, strict=True):
        table[answer.truth][word] += 1
    return table


def _f1(confusion: Mapping[Emotion, Mapping[Emotion, int]], word: Emotion) -> float:
    right = confusion[word][word]
    said = sum(row[word] for row in confusion.values())
    true = sum(confusion[word].values())
    return 2 * right / (said + true) if said + true else 0.0


def calibration(answers: Sequence[Answer], words: Sequence[Emotion]) -> dict[str, Any]:
    """The expected calibration error, and how often each step of confidence was right."""
    sure = np.array([answer.confidence(words) for answer in answers])
    right = np.array([answer.found(words) is answer.truth for answer in answers])
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = [_bin(index, sure[places == index], right[places == index]) for index in range(BINS)]
    error = sum(b["count"] * abs(b["confidence"] - b["accuracy"]) for b in bins if b["count"]) / max(1, len(answers))
    return {"expected_error": error, "bins": bins}


def _bin(index: int, sure: Scores, right: NDArray[np.bool_]) -> dict[str, Any]:
    count = len(sure)
    low, high = wilson(int(right.sum()), count)
    return {
        "from": index / BINS,
        "to": (index + 1) / BINS,
        "count": count,
        "confidence": float(sure.mean()) if count else 0.0,
        "accuracy": float(right.mean()) if count else 0.0,
        "low": low,
        "high": high,
    }


def abstention(answers: Sequence[Answer], words: Sequence[Emotion], threshold: float) -> dict[str, Any]:
    """What is left, and how right it is, when less sure answers are not given."""
    kept = [answer for answer in answers if answer.confidence(words) >= threshold]
    right = sum(answer.found(words) is answer.truth for answer in kept)
    return {"threshold": threshold, "answered": len(kept) / max(1, len(answers)), "accuracy": share(right, len(kept))}
