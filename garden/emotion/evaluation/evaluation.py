"""One evaluation: everything that the reports show, as plain data."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from garden.emotion.evaluation.figures import Answer, emotion_figures
from garden.emotion.evaluation.gate import gate_figures
from garden.emotion.evaluation.groups import groups, worse
from garden.emotion.evaluation.people import age_figures, attribute_figures, gender_figures
from garden.emotion.evaluation.samples import Sample, judged
from garden.emotion.quality import Limits


def evaluate(samples: Sequence[Sample], about: Mapping[str, Any], limits: Limits | None = None) -> dict[str, Any]:
    """JSON-ready; `limits` are those of the quality gate. Emotions are judged among the words that the labels know;
    what else an analyzer answered (`answered_confused`) is told beside it. Photographs without a face are counted, not
    judged."""
    known = judged(samples)
    answers = [Answer(each.truth, each.reading.scores) for each in known]
    tables = groups(known, answers) if answers else {}
    return {
        **about,
        "date": datetime.now(UTC).date().isoformat(),
        "photographs": _counts(samples),
        "labels": _mapping(samples),
        "emotions": emotion_figures(answers) if answers else None,
        "groups": tables,
        "worse_groups": worse(tables),
        "attributes": attribute_figures(samples),
        "gender": gender_figures(samples),
        "age": age_figures(samples),
        "gate": gate_figures(samples, limits or Limits()),
        "time": _time(samples),
    }


def _counts(samples: Sequence[Sample]) -> dict[str, Any]:
    return {
        "labelled": len(samples),
        "people": len({sample.labelled.person for sample in samples}),
        "read": sum(sample.reading is not None for sample in samples),
        "no_face": sum(sample.reading is None and not sample.problem for sample in samples),
        "unreadable": sum(bool(sample.problem) for sample in samples),
        "most_of_one_person": max(Counter(sample.labelled.person for sample in samples).values()),
    }


def _mapping(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """The collection's own words, what they are taken for, how many photographs and of how many people."""
    words = Counter(sample.labelled.label for sample in samples if sample.labelled.label)
    return [
        {
            "label": label,
            "taken_for": next(_value(s) for s in samples if s.labelled.label == label),
            "photographs": count,
            "people": len({s.labelled.person for s in samples if s.labelled.label == label}),
        }
        for label, count in sorted(words.items())
    ]


def _value(sample: Sample) -> str | None:
    return sample.labelled.emotion.value if sample.labelled.emotion else None


def _time(samples: Sequence[Sample]) -> dict[str, float]:
    """Milliseconds a photograph, in this process, one after the other."""
    took = [sample.milliseconds for sample in samples]
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {
        "p50_ms": statistics.median(took),
        "p95_ms": cuts[18],
        "photographs_per_second": 1000 / max(1e-9, statistics.fmean(took)),
    }
