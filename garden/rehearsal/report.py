"""The rehearsal in words and figures."""

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from garden.rehearsal.measuring import NO_ANSWER, Row
from garden.rehearsal.running import Rehearsal
from garden.rehearsal.verdict import Target, freshness_of, judge

_TIMES = "".join(f" {name:>8}" for name in ("p50 ms", "p95 ms", "p99 ms", "max ms"))
_HEAD = f"{'route':26} {'requests':>8} {'a second':>8}{_TIMES} {'MB':>7}"
_HINTS = {
    "401": "The server does not know the key: give one that is active with --key.",
    "429": "The server's throttle answered 429: give each kiosk a key of its own (--key, several times), "
    "or raise THROTTLE_EMOTION, THROTTLE_GARDEN and THROTTLE_LIKE for the rehearsal.",
    "503": "The server answered 503: faces cannot be read, or there are more photos at once than it can hold.",
    NO_ANSWER: "Some requests got no answer within their time: look at the server's log and its number of threads.",
}


def as_lines(rehearsal: Rehearsal) -> Iterator[str]:
    rows = rehearsal.measurements.rows(rehearsal.seconds)
    scene = rehearsal.scene
    yield (
        f"{rehearsal.visited} of {len(scene.visits)} visitors at {scene.kiosks} kiosks and {scene.walls} walls "
        f"in {rehearsal.seconds:.0f} s; visits went by {rehearsal.pace:.1f} times as fast as on a real day."
    )
    yield _HEAD
    yield from (_line(row) for row in rows)
    yield from _about_walls(rehearsal)
    yield from _about_problems(rehearsal, rows)
    yield from (_verdict_line(target) for target in judge(rehearsal, rows))


def as_data(rehearsal: Rehearsal, *, finished: bool) -> dict[str, Any]:
    rows = rehearsal.measurements.rows(rehearsal.seconds)
    targets = judge(rehearsal, rows)
    scene = rehearsal.scene
    return {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()},
        "finished": finished,
        "met": finished and all(target.met for target in targets),
        "kiosks": scene.kiosks,
        "walls": scene.walls,
        "visitors": {"planned": len(scene.visits), "served": rehearsal.visited},
        "seconds": round(rehearsal.seconds, 1),
        "pace": round(rehearsal.pace, 2),
        "routes": [asdict(row) for row in rows],
        "freshness": asdict(freshness_of(rehearsal)),
        "targets": [asdict(target) for target in targets],
        "ended_early": rehearsal.crashed,
    }


def _line(row: Row) -> str:
    times = " ".join(f"{ms:>8.1f}" for ms in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms))
    problems = "".join(f"  {count} × {problem}" for problem, count in row.problems.items())
    return f"{row.route:26} {row.requests:>8} {row.per_second:>8.1f} {times} {row.bytes / 1e6:>7.1f}{problems}"


def _about_walls(rehearsal: Rehearsal) -> Iterator[str]:
    figures = freshness_of(rehearsal)
    if figures.pictures:
        yield (
            f"Sent pictures were on their walls after {figures.p50:.2f} s (p50), {figures.p95:.2f} s (p95); "
            f"{figures.pictures} times, {figures.missed} never."
        )
    if rehearsal.without_wall:
        yield f"{rehearsal.without_wall} kiosks have no wall: give them a zone in the admin pages."


def _about_problems(rehearsal: Rehearsal, rows: list[Row]) -> Iterator[str]:
    met = {problem for row in rows for problem in row.problems}
    yield from (hint for problem, hint in _HINTS.items() if problem in met)
    yield from (f"A device ended early: {what}" for what in sorted(set(rehearsal.crashed)))


def _verdict_line(target: Target) -> str:
    return f"{'met   ' if target.met else 'MISSED'}  {target.what}: {target.found} (wanted: {target.wanted})"
