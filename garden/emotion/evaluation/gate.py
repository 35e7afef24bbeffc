"""What the quality gate does to labelled photographs: how many it refuses, why, whose, and how right the others are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from garden.emotion.evaluation.figures import share
from garden.emotion.evaluation.samples import Sample
from garden.emotion.evaluation.skin import DARK, TONES, name_of
from garden.emotion.quality import Fault, Limits, faults


def gate_figures(samples: Sequence[Sample], limits: Limits) -> dict[str, Any] | None:
    """None where the analyzer measures no quality. A photograph may be refused for several reasons."""
    measured = [sample for sample in samples if sample.reading and sample.reading.quality]
    if not measured:
        return None
    refused = [sample for sample in measured if _faults(sample, limits)]
    passed = [sample for sample in measured if not _faults(sample, limits)]
    reasons = Counter(fault for sample in refused for fault in _faults(sample, limits))
    return {
        "limits": {name: limit for name, limit in asdict(limits).items() if limit is not None},
        "refused": share(len(refused), len(measured)),
        "by": {fault.value: share(reasons[fault], len(measured)) for fault in Fault if reasons[fault]},
        "right": {"all": _right(measured), "let_through": _right(passed), "refused": _right(refused)},
        "skin_tone": _tones(measured, limits),
    }


def _faults(sample: Sample, limits: Limits) -> tuple[Fault, ...]:
    return faults(sample.reading.quality, limits) if sample.reading else ()


def _right(samples: Sequence[Sample]) -> dict[str, Any] | None:
    """Of those whose emotion is labelled."""
    known = [(s.labelled.emotion, s.reading.emotion) for s in samples if s.reading and s.labelled.emotion]
    return share(sum(true is read for true, read in known), len(known)) if known else None


def _tones(samples: Sequence[Sample], limits: Limits) -> list[dict[str, Any]]:
    """How many of each tone are refused: a limit on brightness must not be one on skin."""
    by_tone = {
        tone: [sample for sample in samples if sample.tone is not None and name_of(sample.tone) == tone]
        for tone in [*(name for name, _ in TONES), DARK]
    }
    return [
        {"group": tone, "refused": share(sum(bool(_faults(s, limits)) for s in group), len(group))}
        for tone, group in by_tone.items()
        if group
    ]
