"""The figures of an evaluation, JSON-ready: emotions, groups of people, attributes, ages, the quality check, time."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from garden.faces.base import ATTRIBUTES, Attribute
from garden.faces.evaluation.labels import Labelled, LabelledSample
from garden.faces.quality import Fault, Limits, faults
from garden.vocabulary import Emotion, Gender, Generation

READ = (Emotion.HAPPY, Emotion.SURPRISED, Emotion.CALM, Emotion.ANGRY, Emotion.SAD)
"""The emotions by which an analyzer is compared; fear and disgust are hardly read, and hardly photographed."""

BINS = 10
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
Z = 1.959964

FEWEST = 5
"""Photographs of an emotion that a group needs before that emotion counts for it."""

WORSE = 0.10
AGES_TO_HOLD = 0.8
"""The share of age ranges that should hold the age."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is true, and the shares that an analyzer gives."""

    truth: Emotion
    scores: Mapping[Emotion, float]

    def found(self, words: Sequence[Emotion]) -> Emotion:
        """The strongest of the words that the labels know."""
        return max(words, key=lambda word: self.scores[word])

    def confidence(self, words: Sequence[Emotion]) -> float:
        """The strongest share, among those of the words."""
        total = sum(self.scores[word] for word in words)
        return max(self.scores[word] for word in words) / total if total > 0 else 0.0


def evaluate(
    samples: Sequence[LabelledSample], about: Mapping[str, Any], limits: Limits | None = None
) -> dict[str, Any]:
    """`limits` are those of the quality check. Emotions are judged among the words that the labels know; what else an
    analyzer answered (`answered_confused`) is counted beside it. Photographs without a face are counted, not judged."""
    answers = answers_of(samples)
    tables = group_figures(samples)
    return {
        **about,
        "date": datetime.now(UTC).date().isoformat(),
        "photographs": _counts(samples),
        "labels": _labels(samples),
        "emotions": emotion_figures(answers) if answers else None,
        "sources": source_figures(samples),
        "groups": tables,
        "worse_groups": [
            {"by": by, **row} for by, rows in tables.items() for row in rows if (row["difference"] or 0) < -WORSE
        ],
        "attributes": attribute_figures(samples),
        "gender": gender_figures(samples),
        "age": age_figures(samples),
        "quality": quality_figures(samples, limits or Limits()),
        "time": _time(samples),
    }


def answers_of(samples: Iterable[LabelledSample]) -> list[Answer]:
    return [Answer(s.labelled.emotion, s.reading.scores) for s in samples if s.reading and s.labelled.emotion]


def share(right: int, count: int) -> dict[str, Any]:
    low, high = wilson(right, count)
    return {"count": count, "right": right, "share": right / count if count else None, "low": low, "high": high}


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    portion, edge = right / count, Z * Z / count
    middle = (portion + edge / 2) / (1 + edge)
    half = Z / (1 + edge) * math.sqrt(portion * (1 - portion) / count + edge / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def emotion_figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Over the words that the labels know, in the order of the vocabulary."""
    words = _words(answers)
    found = [answer.found(words) for answer in answers]
    confusion = {truth: dict.fromkeys(words, 0) for truth in words}
    for answer, word in zip(answers, found, strict=True):
        confusion[answer.truth][word] += 1
    recalls = {word: share(confusion[word][word], sum(confusion[word].values())) for word in words}
    return {
        "words": [word.value for word in words],
        "confusion": {a.value: {b.value: n for b, n in row.items()} for a, row in confusion.items()},
        "recall": {word.value: recall for word, recall in recalls.items()},
        "accuracy": share(sum(confusion[word][word] for word in words), len(answers)),
        "balanced_accuracy": float(np.mean([recall["share"] for recall in recalls.values()])),
        "five": five_figures(answers),
        "macro_f1": float(np.mean([_f1(confusion, word) for word in words])),
        "answered_confused": sum(max(answer.scores, key=answer.scores.__getitem__) not in words for answer in answers),
        "calibration": _calibration(answers, words),
        "abstention": [_abstention(answers, words, threshold) for threshold in THRESHOLDS],
    }


def five_figures(answers: Sequence[Answer]) -> dict[str, Any] | None:
    """Of photographs of READ alone, the strongest of these five: mean recall and calibration; None without any."""
    known = [answer for answer in answers if answer.truth in READ]
    if not known:
        return None
    recalls = [_recall(known, word, READ) for word in READ if any(answer.truth is word for answer in known)]
    return {
        "balanced_accuracy": float(np.mean(recalls)),
        "accuracy": share(sum(answer.found(READ) is answer.truth for answer in known), len(known)),
        "expected_error": _calibration(known, READ)["expected_error"],
    }


def source_figures(samples: Sequence[LabelledSample]) -> dict[str, Any]:
    """`five_figures` of each source that the labels name."""
    sources = sorted({s.labelled.source for s in samples if s.labelled.source})
    parts = {name: five_figures(answers_of(s for s in samples if s.labelled.source == name)) for name in sources}
    return {name: figures for name, figures in parts.items() if figures}


def _words(answers: Sequence[Answer]) -> list[Emotion]:
    return [emotion for emotion in Emotion if any(answer.truth is emotion for answer in answers)]


def _f1(confusion: Mapping[Emotion, Mapping[Emotion, int]], word: Emotion) -> float:
    read_so = sum(row[word] for row in confusion.values())
    return 2 * confusion[word][word] / max(1, read_so + sum(confusion[word].values()))


def _calibration(answers: Sequence[Answer], words: Sequence[Emotion]) -> dict[str, Any]:
    """The expected calibration error, and how often each step of confidence that was met was right."""
    sure = np.array([answer.confidence(words) for answer in answers])
    right = np.array([answer.found(words) is answer.truth for answer in answers])
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = [
        {"from": step / BINS, "confidence": float(sure[places == step].mean()), **share(int(sum(found)), len(found))}
        for step in range(BINS)
        if len(found := right[places == step])
    ]
    gaps = [each["count"] * abs(each["confidence"] - each["share"]) for each in bins]
    return {"expected_error": sum(gaps) / len(answers), "bins": bins}


def _abstention(answers: Sequence[Answer], words: Sequence[Emotion], threshold: float) -> dict[str, Any]:
    """Coverage and accuracy when answers of lower confidence are withheld."""
    kept = [answer for answer in answers if answer.confidence(words) >= threshold]
    right = sum(answer.found(words) is answer.truth for answer in kept)
    return {"threshold": threshold, "answered": len(kept) / max(1, len(answers)), "accuracy": share(right, len(kept))}


def group_figures(samples: Sequence[LabelledSample]) -> dict[str, list[dict[str, Any]]]:
    """By age band and by gender, where the labels say them."""
    everybody = answers_of(samples)
    found = {}
    for by, names, attribute in (("age", list(Generation), "age_band"), ("gender", list(Gender), "gender")):
        parts = {name: answers_of(s for s in samples if getattr(s.labelled, attribute) is name) for name in names}
        found[by] = [_group(name, part, everybody) for name, part in parts.items() if part]
    return {by: rows for by, rows in found.items() if rows}


def _group(name: Generation | Gender, part: Sequence[Answer], everybody: Sequence[Answer]) -> dict[str, Any]:
    """`difference` compares the mean recall of the emotions that the group shows often enough with everybody's mean
    recall of the same emotions: a group that shows more of what is hard is not called worse for it."""
    words = _words(everybody)
    counted = [word for word in words if sum(answer.truth is word for answer in part) >= FEWEST]
    own = [_recall(part, word, words) for word in counted]
    others = [_recall(everybody, word, words) for word in counted]
    return {
        "group": name.value,
        "accuracy": share(sum(answer.found(words) is answer.truth for answer in part), len(part)),
        "emotions": [word.value for word in counted],
        "mean_recall": float(np.mean(own)) if counted else None,
        "difference": float(np.mean(own) - np.mean(others)) if counted else None,
    }


def _recall(answers: Sequence[Answer], word: Emotion, words: Sequence[Emotion]) -> float:
    true = [answer for answer in answers if answer.truth is word]
    return sum(answer.found(words) is word for answer in true) / len(true)


def attribute_figures(samples: Sequence[LabelledSample]) -> dict[str, Any]:
    """For each attribute that the labels know and the analyzer judges."""
    pairs = {
        name: [
            (s.labelled.attributes[name], getattr(s.reading, name), s.labelled.likely)
            for s in samples
            if s.reading and name in s.labelled.attributes and getattr(s.reading, name).value is not None
        ]
        for name in ATTRIBUTES
    }
    return {name: _attribute(judged) for name, judged in pairs.items() if judged}


def _attribute(judged: list[tuple[bool, Attribute, bool]]) -> dict[str, Any]:
    """`precision` is of the photographs that were not labelled for what they seemed to show."""
    truth = np.array([true for true, _, _ in judged])
    read_so = np.array([read.value for _, read, _ in judged])
    sure = np.array([read.confidence if read.value else 1 - read.confidence for _, read, _ in judged])
    usual = np.array([not likely for _, _, likely in judged])
    return {
        "accuracy": share(int((truth == read_so).sum()), len(judged)),
        "found": share(int((truth & read_so).sum()), int(truth.sum())),
        "precision": share(int((truth & read_so & usual).sum()), int((read_so & usual).sum())),
        "rightly_denied": share(int((~truth & ~read_so).sum()), int((~truth).sum())),
        "area_under_curve": _area(sure[truth], sure[~truth]),
    }


def _area(yes: NDArray[np.float64], no: NDArray[np.float64]) -> float | None:
    """How often a positive scores above a negative; ties count half."""
    if not len(yes) or not len(no):
        return None
    return float((yes[:, None] > no[None]).mean() + (yes[:, None] == no[None]).mean() / 2)


def gender_figures(samples: Sequence[LabelledSample]) -> dict[str, Any]:
    """For each gender that the labels know, how often it is read."""
    read = [(sample.labelled.gender, sample.reading.gender) for sample in samples if sample.reading]
    parts = {gender.value: [read_so is true for true, read_so in read if true is gender] for gender in Gender}
    return {name: share(sum(right), len(right)) for name, right in parts.items() if right}


def age_figures(samples: Sequence[LabelledSample]) -> dict[str, Any] | None:
    """None when no age is known."""
    known = [(s.labelled.age, s.reading) for s in samples if s.reading and s.labelled.age is not None]
    if not known:
        return None
    return {
        "held": share(sum(reading.age_low <= age <= reading.age_high for age, reading in known), len(known)),
        "wanted": AGES_TO_HOLD,
        "mean_width": float(np.mean([reading.age_high - reading.age_low for _, reading in known])),
        "mean_error": float(np.mean([abs((reading.age_low + reading.age_high) / 2 - age) for age, reading in known])),
    }


def quality_figures(samples: Sequence[LabelledSample], limits: Limits) -> dict[str, Any] | None:
    """How many photographs the quality check refuses, why (perhaps for several reasons), and how right the readings are
    on both sides. None where the analyzer measures no quality."""
    measured = [(s, faults(s.reading.quality, limits)) for s in samples if s.reading and s.reading.quality]
    if not measured:
        return None
    reasons = Counter(fault for _, found in measured for fault in found)
    return {
        "limits": {name: limit for name, limit in asdict(limits).items() if limit is not None},
        "refused": share(sum(bool(found) for _, found in measured), len(measured)),
        "by": {fault.value: share(reasons[fault], len(measured)) for fault in Fault if reasons[fault]},
        "right": {
            "all": _right(sample for sample, _ in measured),
            "let_through": _right(sample for sample, found in measured if not found),
            "refused": _right(sample for sample, found in measured if found),
        },
    }


def _right(samples: Iterable[LabelledSample]) -> dict[str, Any] | None:
    """Of those whose emotion is labelled."""
    known = [s.labelled.emotion is s.reading.emotion for s in samples if s.reading and s.labelled.emotion]
    return share(sum(known), len(known)) if known else None


def _counts(samples: Sequence[LabelledSample]) -> dict[str, Any]:
    people = Counter(sample.labelled.person for sample in samples)
    return {
        "labelled": len(samples),
        "people": len(people),
        "read": sum(sample.reading is not None for sample in samples),
        "no_face": sum(sample.reading is None and not sample.problem for sample in samples),
        "unreadable": sum(bool(sample.problem) for sample in samples),
        "most_of_one_person": max(people.values()),
    }


def _labels(samples: Sequence[LabelledSample]) -> list[dict[str, Any]]:
    """The collection's own words, what they are taken for, how many photographs and of how many people."""
    by_label: dict[str, list[Labelled]] = {}
    for sample in samples:
        by_label.setdefault(sample.labelled.label, []).append(sample.labelled)
    return [
        {
            "label": label,
            "taken_for": each[0].emotion.value if each[0].emotion else None,
            "photographs": len(each),
            "people": len({labelled.person for labelled in each}),
        }
        for label, each in sorted(by_label.items())
        if label
    ]


def _time(samples: Sequence[LabelledSample]) -> dict[str, float]:
    """Milliseconds a photograph, in this process, one after the other."""
    took = [sample.milliseconds for sample in samples]
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {
        "p50_ms": statistics.median(took),
        "p95_ms": cuts[18],
        "photographs_per_second": 1000 / max(1e-9, statistics.fmean(took)),
    }
