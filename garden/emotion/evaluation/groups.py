"""The same figures for groups of people, and which groups an analyzer serves worse."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from garden.emotion.evaluation.figures import Answer, share
from garden.emotion.evaluation.samples import Judged
from garden.emotion.evaluation.skin import DARK, TONES, name_of
from garden.vocabulary import Emotion, Gender, Generation

FEWEST = 5
"""Photographs of an emotion that a group needs before that emotion counts for it."""

WORSE = 0.10
UNMEASURED = "not measured"

Name = Callable[[Judged], str]


def groups(samples: Sequence[Judged], answers: Sequence[Answer]) -> dict[str, Any]:
    """Age band, gender and skin tone; `samples` and `answers` belong together, one by one."""
    return {
        "age": _age_groups(samples, answers),
        "gender": _gender_groups(samples, answers),
        "skin_tone": {
            "from": "pixels",
            "rows": _rows(samples, answers, _tone_name, [*(n for n, _ in TONES), DARK, UNMEASURED]),
        },
    }


def worse(tables: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups whose recalls are, on average, more than ten points below everybody's."""
    return [
        {"by": by, **row}
        for by, table in tables.items()
        for row in table["rows"]
        if row["difference"] is not None and row["difference"] < -WORSE
    ]


def _age_groups(samples: Sequence[Judged], answers: Sequence[Answer]) -> dict[str, Any]:
    known = sum(sample.labelled.age is not None for sample in samples)
    labelled = known > len(samples) / 2

    def name(sample: Judged) -> str:
        age = sample.labelled.age
        if labelled:
            return UNMEASURED if age is None else Generation.of_age_range(age, age).value
        return sample.reading.generation.value

    order = [*(generation.value for generation in Generation), UNMEASURED]
    return {"from": "labels" if labelled else "readings", "rows": _rows(samples, answers, name, order)}


def _gender_groups(samples: Sequence[Judged], answers: Sequence[Answer]) -> dict[str, Any]:
    labelled = sum(sample.labelled.gender is not None for sample in samples) > len(samples) / 2

    def name(sample: Judged) -> str:
        if labelled:
            return sample.labelled.gender.value if sample.labelled.gender else UNMEASURED
        return sample.reading.gender.value

    order = [*(gender.value for gender in Gender), UNMEASURED]
    return {"from": "labels" if labelled else "readings", "rows": _rows(samples, answers, name, order)}


def _tone_name(sample: Judged) -> str:
    return UNMEASURED if sample.tone is None else name_of(sample.tone)


def _rows(samples: Sequence[Judged], answers: Sequence[Answer], name: Name, order: list[str]) -> list[dict[str, Any]]:
    words = [emotion for emotion in Emotion if any(answer.truth is emotion for answer in answers)]
    names = [name(sample) for sample in samples]
    parts = {group: [a for a, n in zip(answers, names, strict=True) if n == group] for group in order}
    return [_row(group, part, answers, words) for group, part in parts.items() if part]


def _row(group: str, part: Sequence[Answer], everybody: Sequence[Answer], words: list[Emotion]) -> dict[str, Any]:
    """`difference` compares the mean recall of the emotions that the group shows often enough with everybody's mean
    recall of the same emotions: a group that shows more of what is hard is not called worse for it."""
    counted = [word for word in words if sum(answer.truth is word for answer in part) >= FEWEST]
    own = [_recall(part, word, words) for word in counted]
    others = [_recall(everybody, word, words) for word in counted]
    return {
        "group": group,
        "accuracy": share(sum(answer.found(words) is answer.truth for answer in part), len(part)),
        "emotions": [word.value for word in counted],
        "mean_recall": float(np.mean(own)) if counted else None,
        "difference": float(np.mean(own) - np.mean(others)) if counted else None,
    }


def _recall(answers: Sequence[Answer], word: Emotion, words: list[Emotion]) -> float:
    true = [answer for answer in answers if answer.truth is word]
    return sum(answer.found(words) is word for answer in true) / len(true)
