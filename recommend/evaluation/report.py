"""An evaluation as a table and as JSON."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommend.evaluation.estimators import Estimate
from recommend.evaluation.evaluate import ArmReport, Method, TargetReport
from recommend.models.slate import Arm

TRUSTED = 100
"""Effective slates below which an estimate is not reliable, whatever its interval."""


@dataclass(frozen=True, slots=True)
class Report:
    """Results; `left_out` counts unusable slates by reason."""

    method: Method
    read: int
    left_out: Mapping[str, int]
    arms: tuple[ArmReport, ...]
    targets: tuple[TargetReport, ...]

    @property
    def baseline(self) -> float | None:
        """Likes per slate of the random hold-out."""
        held = [arm.likes.value for arm in self.arms if arm.arm == Arm.HOLDOUT and arm.slates]
        return held[0] if held and held[0] > 0 else None

    def lift(self, estimate: Estimate) -> float | None:
        """Relative increase over random pictures: 0.5 is 50 % more likes."""
        return None if self.baseline is None else estimate.value / self.baseline - 1


def as_json(report: Report) -> str:
    """Undefined numbers (division by zero, an open interval) are null."""
    document = {**asdict(report), "baseline": report.baseline, "unit": "likes per slate"}
    return json.dumps(finite(document), indent=2, ensure_ascii=False)


def finite(value: Any) -> Any:
    """The same, with None for nan and infinities, which JSON lacks."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(part) for name, part in value.items()}
    return [finite(part) for part in value] if isinstance(value, list | tuple) else value


def as_table(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    method = report.method
    yield f"{report.read} slates were shown; likes among the first {method.slots}, {method.level:.0%} intervals"
    yield from (f"  left out: {count} × {reason}" for reason, count in report.left_out.items())
    yield ""
    yield _row("observed", "", "likes/slate", "interval", "lift", "slates")
    for arm in report.arms:
        yield _row(arm.arm, "", *_numbers(arm.likes), _percent(report.lift(arm.likes)), str(arm.slates))
    for target in report.targets:
        yield ""
        yield _row(target.name, "method", "likes/slate", "interval", "lift", "effective")
        for name, estimate in target.estimates.items():
            few = " (too few to trust)" if target.effective < TRUSTED else ""
            worth = f"{target.effective:.0f} of {target.slates}{few}"
            yield _row("", name, *_numbers(estimate), _percent(report.lift(estimate)), worth)
        yield from (f"  not used: {count} × {reason}" for reason, count in target.skipped.items())


def _row(name: str, estimator: str, value: str, interval: str, lift: str, slates: str) -> str:
    return f"{name:<12} {estimator:<6} {value:>11}  {interval:<18} {lift:>8}  {slates}".rstrip()


def _numbers(estimate: Estimate) -> tuple[str, str]:
    value = "–" if math.isnan(estimate.value) else f"{estimate.value:.4f}"
    ends = (estimate.low, estimate.high)
    return value, f"[{ends[0]:.4f}, {ends[1]:.4f}]" if all(map(math.isfinite, ends)) else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None or not math.isfinite(share) else f"{share:+.1%}"
