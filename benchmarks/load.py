"""How many requests a second a small machine holds: kiosks and walls on PostgreSQL and Redis, beside a bare view.

    python -m benchmarks.load [--minutes 5] [--rate N] [--web-processes 2] [--threads 16] [--json FILE]

First the rate grows by a quarter until p99 passes a second or something fails; then four fifths of the best rate
are held for so many minutes (or `--rate`, without growing). A request's time counts from the moment at which it was
due, whether or not the one before it was answered, so that a server that falls behind is seen. Client, web server,
worker, clock, PostgreSQL (fsync as it comes) and Redis share this machine. `--minutes 30` is the soak. The peer is a
view that does nothing, behind the same server and middleware, asked with the same bodies. Exit code 1 when a target
is missed: p99 ≤ 1 s, no errors, memory flat. Run `manage.py build_models` first.
"""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from benchmarks.load_memory import MemoryWatch, verdict
from benchmarks.load_site import KIOSKS, Site, running_site
from benchmarks.load_traffic import SHARES, Device, send
from benchmarks.rehearsal_rows import ZONE
from tools.rehearsal.client import Measurements, percentile
from tools.rehearsal.portraits import drawn_portraits

ROOT = Path(__file__).parents[1]
P99_SECONDS = 1.0
FIRST_RATE, GROWTH, HELD = 10.0, 1.25, 0.8
STEP_SECONDS = 12.0
DEVICES = 48
Figures = dict[str, Any]


def main() -> int:
    options = _arguments()
    with running_site(options.models, options.web_processes, options.threads) as site:
        peer = _peer(site, options)
        best = options.rate / HELD if options.rate else _best_rate(_devices(site, bare=False))
        with MemoryWatch(site.processes) as memory:
            found = _measure(_devices(site, bare=False), best * HELD, options.minutes * 60, "holding")
    figures = {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()},
        "minutes": options.minutes,
        "shares": SHARES,
        "best_rate": round(best, 1),
        **found,
        "memory_mb": {name: _memory(series) for name, series in memory.series.items()},
        "memory_series_mb": memory.series,
        "peer": peer,
    }
    _print(figures)
    if options.json:
        options.json.write_text(f"{json.dumps(figures, indent=2)}\n", encoding="utf-8")
    return 0 if _is_met(figures) else 1


def _peer(site: Site, options: argparse.Namespace) -> Figures:
    """The bare view's best rate, found in the same way."""
    if options.without_peer:
        return {}
    return {"best_rate": round(_best_rate(_devices(site, bare=True)), 1)}


def _devices(site: Site, *, bare: bool) -> list[Device]:
    faces = drawn_portraits(12, Random(1))
    return [
        Device(f"http://127.0.0.1:{site.port}", site.keys[n % KIOSKS], faces, ZONE, bare, Random(n), Measurements())
        for n in range(DEVICES)
    ]


def _best_rate(devices: list[Device]) -> float:
    rate, best = FIRST_RATE, 0.0
    _measure(devices, rate, STEP_SECONDS / 2, "warming up")
    while True:
        found = _measure(devices, rate, STEP_SECONDS, f"{rate:.0f}/s")
        if found["p99_ms"] > P99_SECONDS * 1000 or found["errors"]:
            return best
        best, rate = rate, rate * GROWTH


def _measure(devices: list[Device], rate: float, seconds: float, what: str) -> Figures:
    with tqdm(desc=what, disable=None, bar_format="{desc} {elapsed}"):
        measured = send(devices, rate, seconds, Random(7))
    rows = measured.rows(seconds)
    took = sorted(sample.seconds * 1000 for sample in measured.samples)
    return {
        "rate": round(rate, 1),
        "answered": round(len(took) / seconds, 1),
        "errors": sum(sum(row.problems.values()) for row in rows),
        **{f"p{share * 100:.0f}_ms": round(percentile(took, share), 1) for share in (0.5, 0.95, 0.99)},
        "routes": [asdict(row) for row in rows],
    }


def _memory(series: list[float]) -> Figures:
    early, late, flat = verdict(series)
    return {"early": early, "late": late, "flat": flat}


def _is_met(figures: Figures) -> bool:
    flat = all(one["flat"] for one in figures["memory_mb"].values())
    return bool(figures["p99_ms"] <= P99_SECONDS * 1000 and not figures["errors"] and flat)


def _print(figures: Figures) -> None:
    print(f"{'':12} {'requests':>8} {'a second':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'max ms':>8}  problems")
    for row in figures["routes"]:
        times = " ".join(f"{row[name]:>8.1f}" for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms"))
        print(f"{row['route']:12} {row['requests']:>8} {row['per_second']:>8.1f} {times}  {row['problems'] or ''}")
    print(
        f"{'all':12} {sum(row['requests'] for row in figures['routes']):>8} {figures['answered']:>8.1f} "
        f"{figures['p50_ms']:>8.1f} {figures['p95_ms']:>8.1f} {figures['p99_ms']:>8.1f}"
    )
    print(
        f"Best rate with p99 ≤ 1 s: {figures['best_rate']}/s; a bare view: {figures['peer'].get('best_rate', '–')}/s."
    )
    for name, one in figures["memory_mb"].items():
        print(f"{name:12} {one['early']:>8.1f} MB → {one['late']:>8.1f} MB  {'flat' if one['flat'] else 'GROWS'}")
    print("Every target is met." if _is_met(figures) else "A target is MISSED.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long the rate is held")
    parser.add_argument("--rate", type=float, help="requests a second to hold, instead of finding the best")
    parser.add_argument("--web-processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=16, help="of each web process")
    parser.add_argument("--models", type=Path, default=ROOT / "var" / "models" / "face", metavar="FOLDER")
    parser.add_argument("--without-peer", action="store_true", help="leave the bare view out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
