"""How long a visitor waits: p50 and p95 of /garden, /gardenfromDB and /like over HTTP, beside naive peers and nothing.

    python -m benchmarks.garden [--sizes 1000 20000 200000] [--emotions 1] [--databases sqlite postgresql]
                                [--requests 200] [--only WORD…] [--json FILE]

Sizes are images in each emotion, half of them portraits. Each size and database gets a scratch database and a
granian server of its own with one worker process; keep-alive connections; the client runs on the same machine. A
"whole" garden is one without `limit`: at most 5,000 images of each orientation. PostgreSQL is a cluster of its own,
with fsync as it comes; once the rows are there it is vacuumed and analysed, as its autovacuum would minutes later.
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
from itertools import product
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.own_server import Server, migrate, scratch_environment, serving
from tools.services.postgresql import postgresql

Body = dict[str, Any]
NOTHING: Body = {}
"""Asks with GET."""
Connection = http.client.HTTPConnection


def garden(limit: int | None = None) -> Callable[[int], Body]:
    page = {} if limit is None else {"limit": limit}
    return lambda number: {"id": f"visitor-{number % 500}", "emotion": "happy", **page}


def main() -> None:
    arguments = _arguments()
    figures = []
    _print(_HEADER)
    for size, database in tqdm([*product(arguments.sizes, arguments.databases)], unit=" garden", disable=None):
        for figure in measure(size, arguments.emotions, arguments.requests, database, arguments.only):
            figures.append(figure)
            _print(_row(figure))
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")


def measure(images: int, emotions: int, requests: int, database: str, only: list[str]) -> Iterator[Body]:
    """One figure per route and concurrency; times in milliseconds; CPU is the server's, per request."""
    about = {"images": images, "database": database}
    with _database(database) as settings, _server(images, emotions, settings) as server:
        port = server.port
        yield {**about, "route": "start until ready", "concurrency": 0, **_quantiles([server.ready_after * 1000])}
        first_ms = _time_one(Connection("127.0.0.1", port), "/garden", garden(30)(0))[0]
        yield {**about, "route": "/garden, first of the process", "concurrency": 1, **_quantiles([first_ms])}
        shown = _keys_of(port)
        chosen = [route for route in _routes(shown) if any(word in route[0] for word in only)]
        for name, path, make_body, share in chosen:
            for concurrency in (1, 4):
                used = server.cpu_seconds()
                took, size = _time_many(port, path, make_body, max(12, requests // share), concurrency)
                cpu_ms = round((server.cpu_seconds() - used) * 1000 / len(took), 2)
                figure = {"cpu_ms": cpu_ms, **_quantiles(took), "bytes": size}
                yield {**about, "route": name, "concurrency": concurrency, **figure}


def _routes(shown: list[str]) -> list[tuple[str, str, Callable[[int], Body], int]]:
    """Name, path, body of the n-th request, and by what the number of requests is divided."""

    def like(number: int) -> Body:
        seen = random.sample(shown, min(3, len(shown)))
        return {"id": f"visitor-{number % 500}", "itemId": seen[0], "impression": seen, "eventId": str(random.random())}

    return [
        ("GET /healthz/live (nothing)", "/healthz/live", lambda number: NOTHING, 1),
        ("/garden limit 30", "/garden", garden(30), 1),
        ("/garden whole", "/garden", garden(), 4),
        ("/gardenfromDB limit 30", "/gardenfromDB", garden(30), 1),
        ("/gardenfromDB whole", "/gardenfromDB", garden(), 4),
        ("/like", "/like", like, 1),
        ("/garden limit 30, after likes", "/garden", garden(30), 2),
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
    method, payload = ("POST", json.dumps(body)) if body else ("GET", None)
    started = time.perf_counter()
    connection.request(method, path, payload, {"Content-Type": "application/json"})
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
def _database(name: str) -> Iterator[dict[str, str]]:
    if name == "sqlite":
        yield {}
        return
    with postgresql(fast=False) as url:
        yield {"DATABASE_URL": url}


@contextmanager
def _server(images: int, emotions: int, settings: dict[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.garden_settings", **settings)
        migrate(environment)
        filler = [sys.executable, "-m", "benchmarks.garden_rows", str(images), str(emotions)]
        subprocess.run(filler, env=environment, check=True)
        with serving(environment) as server:
            yield server


def _quantiles(took: list[float]) -> Body:
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {"p50_ms": round(statistics.median(took), 2), "p95_ms": round(cuts[18], 2), "requests": len(took)}


_TIMES = f"{'p50 ms':>9} {'p95 ms':>9} {'CPU ms':>9}"
_HEADER = f"{'images':>8}  {'database':10} {'route':32} {'clients':>7} {_TIMES} {'answer KB':>9}"


def _row(figure: Body) -> str:
    size = f"{figure.get('bytes', 0) / 1000:.1f}"
    row = f"{figure['images']:>8}  {figure['database']:10} {figure['route']:32} {figure['concurrency']:>7}"
    cpu = figure.get("cpu_ms", 0.0)
    return f"{row} {figure['p50_ms']:>9.2f} {figure['p95_ms']:>9.2f} {cpu:>9.2f} {size:>9}"


def _print(line: str) -> None:
    """At once: what was measured is known even if what follows fails."""
    tqdm.write(line)
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000, 200_000], metavar="IMAGES")
    parser.add_argument("--emotions", type=int, default=1, choices=range(1, 9), help="emotions with so many each")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=200, help="per route and concurrency")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="routes whose name has such a word")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
