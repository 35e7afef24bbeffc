"""What was asked, and how the answers were."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

NO_ANSWER = "no answer"
WRONG_PICTURE = "wrong picture"


@dataclass(frozen=True, slots=True)
class Sample:
    """One request, from its first byte to the answer's last; `problem` is empty where all was well."""

    route: str
    seconds: float
    size: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One route in figures: milliseconds, requests a second, bytes."""

    route: str
    requests: int
    problems: dict[str, int]
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    per_second: float
    bytes: int


@dataclass(slots=True)
class Measurements:
    """Filled by many threads; appending to a list is atomic."""

    samples: list[Sample] = field(default_factory=list)

    def note(self, sample: Sample) -> None:
        self.samples.append(sample)

    def rows(self, seconds: float) -> list[Row]:
        """By route, over so many seconds."""
        by_route: dict[str, list[Sample]] = defaultdict(list)
        for sample in list(self.samples):
            by_route[sample.route].append(sample)
        return [_row(route, by_route[route], seconds) for route in sorted(by_route)]


def percentile(values: Sequence[float], share: float) -> float:
    """Of sorted values, the smallest that so many are not above (nearest rank); 0 of none."""
    if not values:
        return 0.0
    return values[max(0, math.ceil(share * len(values)) - 1)]


def _row(route: str, samples: list[Sample], seconds: float) -> Row:
    took = sorted(sample.seconds * 1000 for sample in samples)
    p50, p95, p99 = (round(percentile(took, share), 1) for share in (0.5, 0.95, 0.99))
    return Row(
        route=route,
        requests=len(samples),
        problems=dict(sorted(Counter(sample.problem for sample in samples if sample.problem).items())),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        max_ms=round(took[-1], 1),
        per_second=round(len(samples) / max(seconds, 0.001), 2),
        bytes=sum(sample.size for sample in samples),
    )
