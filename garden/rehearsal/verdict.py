"""Whether an opening day would go well: what was measured beside what is wanted."""

from dataclasses import dataclass

from garden.rehearsal.freshness import NEVER
from garden.rehearsal.measuring import Row, percentile
from garden.rehearsal.running import Rehearsal
from garden.rehearsal.walls import PERIOD_SECONDS

WAITED_FOR = {
    "POST /emotion": 500,
    "POST /garden": 500,
    "POST /like": 500,
    "POST /sendToWall": 500,
    "POST /souvenir": 500,
    "GET /picture (kiosk)": 500,
}
"""Milliseconds (p95) that a visitor may wait for each: half of the second that keeps a thread of thought."""
FRESH_SECONDS = PERIOD_SECONDS + 0.5
"""A wall asks once a period; then it has half a second to fetch the picture."""


@dataclass(frozen=True, slots=True)
class Target:
    what: str
    wanted: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class FreshnessFigures:
    """Seconds from the answer of `/sendToWall` until a wall of that slot had the picture; `missed` never had it."""

    pictures: int
    p50: float
    p95: float
    missed: int


def freshness_of(rehearsal: Rehearsal) -> FreshnessFigures:
    delays = rehearsal.freshness.delays()
    came = [delay for delay in delays if delay != NEVER]
    p50, p95 = (round(percentile(came, share), 3) for share in (0.5, 0.95))
    return FreshnessFigures(len(delays), p50, p95, len(delays) - len(came))


def judge(rehearsal: Rehearsal, rows: list[Row]) -> list[Target]:
    return [
        _errors(rehearsal, rows),
        _everybody(rehearsal),
        *(_quick(row, WAITED_FOR[row.route]) for row in rows if row.route in WAITED_FOR),
        *_fresh(rehearsal),
    ]


def _errors(rehearsal: Rehearsal, rows: list[Row]) -> Target:
    errors = sum(sum(row.problems.values()) for row in rows) + len(rehearsal.crashed)
    return Target("errors", "none", str(errors), errors == 0)


def _everybody(rehearsal: Rehearsal) -> Target:
    everybody = len(rehearsal.scene.visits)
    return Target("visitors served", str(everybody), str(rehearsal.visited), rehearsal.visited == everybody)


def _quick(row: Row, most: int) -> Target:
    return Target(f"{row.route} p95", f"≤ {most} ms", f"{row.p95_ms:.0f} ms", row.p95_ms <= most)


def _fresh(rehearsal: Rehearsal) -> list[Target]:
    figures = freshness_of(rehearsal)
    if not figures.pictures:
        return []
    found = f"{figures.p95:.2f} s" + (f", {figures.missed} never" if figures.missed else "")
    met = figures.p95 <= FRESH_SECONDS and not figures.missed
    return [Target("picture on the wall p95", f"≤ {FRESH_SECONDS:.1f} s", found, met)]
