"""How long a visitor waits: p50 and p95 of /garden, /gardenfromDB and /like over HTTP, beside naive peers.

    python -m benchmarks.garden [--sizes 1000 20000 200000] [--emotions 8] [--requests 200] [--json FILE]

Each size gets a scratch SQLite database and a granian server of its own; keep-alive connections; the client
runs on the same machine. A "whole" garden is one without `limit`: at most 5,000 images of each orientation.
"""

import argparse
import http.client
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.own_server import migrate, scratch_environment, serve

Body = dict[str, Any]
Connection = http.client.HTTPConnection


def garden(limit: int | None = None) -> Callable[[int], Body]:
    page = {} if limit is None else {"limit": limit}
    return lambda number: {"id": f"visitor-{number % 500}", "emotion": "happy", **page}


def main() -> None:
    arguments = _arguments()
    sizes = tqdm(arguments.sizes, unit=" size", disable=None)
    figures = [figure for size in sizes for figure in measure(size, arguments.emotions, arguments.requests)]
    _print_table(figures)
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")


def measure(images: int, emotions: int, requests: int) -> Iterator[Body]:
    """One figure per route and concurrency; times in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder, _server(folder, images, emotions) as port:
        first_ms = _time_one(Connection("127.0.0.1", port), "/garden", garden(30)(0))[0]
        yield {"images": images, "route": "/garden, first of the process", "concurrency": 1, **_quantiles([first_ms])}
        shown = _keys_of(port)
        for name, path, make_body, share in _routes(shown):
            for concurrency in (1, 4):
                took, size = _time_many(port, path, make_body, max(12, requests // share), concurrency)
                yield {"images": images, "route": name, "concurrency": concurrency, **_quantiles(took), "bytes": size}


def _routes(shown: list[str]) -> list[tuple[str, str, Callable[[int], Body], int]]:
    """Name, path, body of the n-th request, and by what the number of requests is divided."""

    def like(number: int) -> Body:
        seen = random.sample(shown, min(3, len(shown)))
        return {"id": f"visitor-{number % 500}", "itemId": seen[0], "impression": seen, "eventId": str(random.random())}

    return [
        ("/garden limit 30", "/garden", garden(30), 1),
        ("/garden whole", "/garden", garden(), 4),
        ("/gardenfromDB limit 30", "/gardenfromDB", garden(30), 1),
        ("/gardenfromDB whole", "/gardenfromDB", garden(), 4),
        ("/like", "/like", like, 1),
        ("peer: order_by('?') limit 30", "/peer/random", garden(30), 4),
        ("peer: SQL like-rate limit 30", "/peer/popular", garden(30), 4),
    ]


def _time_many(
    port: int, path: str, make_body: Callable[[int], Body], requests: int, concurrency: int
) -> tuple[list[float], int]:
    def one_client(client: int) -> list[tuple[float, int]]:
        connection = Connection("127.0.0.1", port)
        numbers = range(client, requests, concurrency)
        return [_time_one(connection, path, make_body(number)) for number in numbers]

    with ThreadPoolExecutor(concurrency) as clients:
        answers = [answer for answers in clients.map(one_client, range(concurrency)) for answer in answers]
    return [took for took, _ in answers], max(size for _, size in answers)


def _time_one(connection: Connection, path: str, body: Body) -> tuple[float, int]:
    """Milliseconds from the first byte sent to the last byte read, and the size of the answer."""
    payload = json.dumps(body)
    started = time.perf_counter()
    connection.request("POST", path, payload, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    took = (time.perf_counter() - started) * 1000
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}: {content[:300]!r}")
    return took, len(content)


def _keys_of(port: int) -> list[str]:
    connection = Connection("127.0.0.1", port)
    connection.request("POST", "/garden", json.dumps(garden(500)(0)), {"Content-Type": "application/json"})
    return [image["key"] for image in json.loads(connection.getresponse().read())["landscape"]]


@contextmanager
def _server(folder: str, images: int, emotions: int) -> Iterator[int]:
    environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.garden_settings")
    migrate(environment)
    filler = [sys.executable, "-m", "benchmarks.garden_rows", str(images), str(emotions)]
    subprocess.run(filler, env=environment, check=True)
    with serve(environment) as port:
        yield port


def _quantiles(took: list[float]) -> Body:
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(cuts[18], 2), "requests": len(took)}


def _print_table(figures: list[Body]) -> None:
    print(f"{'images':>8}  {'route':32} {'clients':>7} {'p50 ms':>9} {'p95 ms':>9} {'answer KB':>9}")
    for figure in figures:
        size = f"{figure.get('bytes', 0) / 1000:.1f}"
        row = f"{figure['images']:>8}  {figure['route']:32} {figure['concurrency']:>7}"
        print(f"{row} {figure['p50_ms']:>9.2f} {figure['p95_ms']:>9.2f} {size:>9}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000, 200_000], metavar="IMAGES")
    parser.add_argument("--emotions", type=int, default=8, choices=range(1, 9), help="how many moods share the images")
    parser.add_argument("--requests", type=int, default=200, help="per route and concurrency")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
