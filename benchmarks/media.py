"""Pictures through Django, which asks their row, beside the same server handing the folder out without asking.

    python -m benchmarks.media [--pictures 500] [--seconds 10] [--clients 4] [--json FILE]

The peer is granian's own static route over the same files, in the same run, by turns. A client is a thread with one
connection that asks for one picture after the other; each answer is read to its end.
"""

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.own_server import migrate, scratch_environment, serving

WAYS = ("asked", "static")


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers a second, and milliseconds of one: median and 99th of a hundred."""

    per_second: float
    median: float
    slowest: float


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        command = [sys.executable, "-m", "benchmarks.archive_site", str(arguments.pictures)]
        subprocess.run(command, env=environment, check=True)
        media = Path(folder) / "media"
        paths = [f"/media/{path.relative_to(media)}" for path in media.rglob("*.jpeg")]
        route = ["--static-path-route", "/media/emotions", "--static-path-mount", str(media / "emotions")]
        speeds = {}
        for way in WAYS:
            with serving(environment, *(route if way == "static" else [])) as server:
                speeds[way] = _measure(server.port, paths, arguments.clients, arguments.seconds)
    _print_table(speeds)
    if arguments.json:
        arguments.json.write_text(json.dumps({way: asdict(speed) for way, speed in speeds.items()}, indent=2))


def _measure(port: int, paths: list[str], clients: int, seconds: float) -> Speed:
    _visit(port, paths, 1.0, 0)
    with ThreadPoolExecutor(clients) as pool:
        reported = pool.map(lambda number: _visit(port, paths, seconds, number), range(clients))
        taken = [each for times in reported for each in times]
    hundredths = statistics.quantiles(taken, n=100)
    return Speed(len(taken) / seconds, 1000 * hundredths[49], 1000 * hundredths[98])


def _visit(port: int, paths: list[str], seconds: float, number: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    dice, taken = random.Random(number), []
    end = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        connection.request("GET", dice.choice(paths))
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"The server answered {answer.status}.")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


def _print_table(speeds: dict[str, Speed]) -> None:
    print(f"{'way':<12}{'a second':>12}{'median ms':>12}{'p99 ms':>12}")
    for way, speed in speeds.items():
        print(f"{way:<12}{speed.per_second:>12.0f}{speed.median:>12.2f}{speed.slowest:>12.2f}")
    print(f"asked / static: {speeds['asked'].per_second / speeds['static'].per_second:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
