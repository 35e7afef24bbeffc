"""The figures and the verdict of a rehearsal: what was measured beside what is wanted."""

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tools.rehearsal.client import NO_ANSWER, Row, percentile
from tools.rehearsal.devices import MANIFEST_SECONDS
from tools.rehearsal.run import Rehearsal, wall_delays

WAITED_FOR = (
    "POST /emotion",
    "POST /garden",
    "POST /like",
    "POST /sendToWall",
    "POST /souvenir",
    "GET /picture (kiosk)",
)
MOST_MS = 500
"""Milliseconds (p95) that a visitor may wait for each: half of the second that keeps a thread of thought."""
FRESH_SECONDS = MANIFEST_SECONDS + 0.5
"""A wall asks once a second; then it has half a second to fetch the picture."""
HINTS = {
    "401": "The server does not know the key: give one that is active with --key.",
    "429": "The server's throttle answered 429: give each kiosk a key of its own (--key, several times), "
    "or raise THROTTLE_RATES for the rehearsal.",
    "503": "The server answered 503: faces cannot be read, or there are more photos at once than it can hold.",
    NO_ANSWER: "Some requests got no answer within their time: look at the server's log and its number of threads.",
}


@dataclass(frozen=True, slots=True)
class RehearsalTarget:
    what: str
    wanted: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """Seconds from the answer of `/sendToWall` until a wall of that slot had the picture; `missed` never had it."""

    pictures: int
    p50: float
    p95: float
    missed: int


class RehearsalReport:
    """`finished` is false where the rehearsal was stopped."""

    def __init__(self, rehearsal: Rehearsal, *, finished: bool = True) -> None:
        self._rehearsal, self._scene, self._finished = rehearsal, rehearsal.scene, finished
        self._rows = rehearsal.measurements.rows(rehearsal.seconds)
        delays = list(wall_delays(rehearsal.kiosks, rehearsal.walls))
        arrived = sorted(delay for delay in delays if delay is not None)
        p50, p95 = (round(percentile(arrived, share), 3) for share in (0.5, 0.95))
        self._freshness = Freshness(len(delays), p50, p95, len(delays) - len(arrived))
        self.targets = list(self._judge())

    def lines(self) -> Iterator[str]:
        rehearsal, scene, fresh = self._rehearsal, self._scene, self._freshness
        yield (
            f"{rehearsal.visited} of {len(scene.visitors)} visitors at {scene.kiosks} kiosks and {scene.walls} walls "
            f"in {rehearsal.seconds:.0f} s; visits went by {scene.pace:.1f} times as fast as on a real day."
        )
        times = "".join(f" {name:>8}" for name in ("p50 ms", "p95 ms", "p99 ms", "max ms"))
        yield f"{'route':26} {'requests':>8} {'a second':>8}{times} {'MB':>7}"
        yield from (_line(row) for row in self._rows)
        if fresh.pictures:
            yield (
                f"Sent pictures were on their walls after {fresh.p50:.2f} s (p50), {fresh.p95:.2f} s (p95); "
                f"{fresh.pictures} times, {fresh.missed} never."
            )
        if without_wall := sum(not kiosk.has_wall for kiosk in rehearsal.kiosks):
            yield f"{without_wall} kiosks have no wall: give them a zone in the admin pages."
        problems = {problem for row in self._rows for problem in row.problems}
        yield from (hint for problem, hint in HINTS.items() if problem in problems)
        yield from (f"A device ended early: {why}" for why in sorted(set(rehearsal.crashed)))
        for target in self.targets:
            yield f"{'met   ' if target.met else 'MISSED'}  {target.what}: {target.found} (wanted: {target.wanted})"

    def data(self) -> dict[str, Any]:
        rehearsal, scene = self._rehearsal, self._scene
        return {
            "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()},
            "finished": self._finished,
            "met": self._finished and all(target.met for target in self.targets),
            "kiosks": scene.kiosks,
            "walls": scene.walls,
            "visitors": {"planned": len(scene.visitors), "served": rehearsal.visited},
            "seconds": round(rehearsal.seconds, 1),
            "pace": round(scene.pace, 2),
            "routes": [asdict(row) for row in self._rows],
            "freshness": asdict(self._freshness),
            "targets": [asdict(target) for target in self.targets],
            "ended_early": rehearsal.crashed,
        }

    def _judge(self) -> Iterator[RehearsalTarget]:
        rehearsal, fresh = self._rehearsal, self._freshness
        errors = sum(sum(row.problems.values()) for row in self._rows) + len(rehearsal.crashed)
        yield RehearsalTarget("errors", "none", str(errors), errors == 0)
        visited, everybody = rehearsal.visited, len(self._scene.visitors)
        yield RehearsalTarget("visitors served", str(everybody), str(visited), visited == everybody)
        for row in self._rows:
            if row.route in WAITED_FOR:
                yield RehearsalTarget(
                    f"{row.route} p95", f"≤ {MOST_MS} ms", f"{row.p95_ms:.0f} ms", row.p95_ms <= MOST_MS
                )
        if fresh.pictures:
            found = f"{fresh.p95:.2f} s" + (f", {fresh.missed} never" if fresh.missed else "")
            met = fresh.p95 <= FRESH_SECONDS and not fresh.missed
            yield RehearsalTarget("picture on the wall p95", f"≤ {FRESH_SECONDS:.1f} s", found, met)


def _line(row: Row) -> str:
    times = " ".join(f"{ms:>8.1f}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms))
    problems = "".join(f"  {count} × {problem}" for problem, count in row.problems.items())
    return f"{row.route:26} {row.requests:>8} {row.per_second:>8.1f} {times} {row.bytes / 1e6:>7.1f}{problems}"
