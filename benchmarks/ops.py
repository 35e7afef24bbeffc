"""What it costs to see: CPU of a request with the middleware of `garden.ops`, beside the same request without it.

    python -m benchmarks.ops [--requests 400] [--images 2000] [--json FILE]

In one process, by turns, on a scratch database: probes' pages, a log line of JSON (to the null device), an id, one
histogram. Measures are added up over processes (PROMETHEUS_MULTIPROC_DIR), the dearer of the two ways. Times are CPU
time of the thread, in microseconds: a busy machine lengthens waits, not these.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.own_server import migrate, scratch_environment

OURS = "garden.ops."
ROUTES = {"/garden of 30": "garden", "/kiosk/pair/": "page", "a static answer": "static"}
WAYS = ("with", "without")


def main() -> None:
    arguments = _arguments()
    if arguments.inside:
        print(json.dumps(measure(arguments.requests)))
        return
    with tempfile.TemporaryDirectory() as folder:
        more = {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "PROMETHEUS_MULTIPROC_DIR": f"{folder}/measures"}
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.garden_settings", **more)
        migrate(environment)
        rows = [sys.executable, "-m", "benchmarks.garden_rows", str(arguments.images), "1"]
        subprocess.run(rows, env=environment, check=True)
        inside = [sys.executable, "-m", "benchmarks.ops", "--inside", "--requests", str(arguments.requests)]
        reported = subprocess.run(inside, env=environment, check=True, capture_output=True, text=True).stdout
    figures = json.loads(reported.splitlines()[-1])
    _print_table(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def measure(requests: int) -> dict[str, dict[str, float]]:
    """Median CPU of a request by route and way."""
    import logging

    import django

    django.setup()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(Path(os.devnull).open("w"))  # noqa: SIM115
    clients = {way: _client(way) for way in WAYS}
    figures = {}
    for name, kind in ROUTES.items():
        took: dict[str, list[float]] = {way: [] for way in WAYS}
        for number in range(requests):
            for way in random.sample(WAYS, 2):
                took[way].append(_cpu_of(clients[way], kind, number))
        figures[name] = {way: round(statistics.median(times[requests // 10 :]), 1) for way, times in took.items()}
    return figures


def _client(way: str) -> Any:
    from django.conf import settings
    from django.test import Client, override_settings

    whole = settings.MIDDLEWARE
    chosen = whole if way == "with" else [path for path in whole if not path.startswith(OURS)]
    client = Client(headers={"host": "localhost"})
    with override_settings(MIDDLEWARE=chosen):
        client.handler.load_middleware()
    return client


def _cpu_of(client: Any, kind: str, number: int) -> float:
    started = time.thread_time()
    if kind == "garden":
        body = {"id": f"visitor-{number % 500}", "emotion": "happy", "limit": 30}
        answer = client.post("/garden", body, content_type="application/json")
    else:
        answer = client.get("/kiosk/pair/" if kind == "page" else "/static/garden/css/base.css")
        for _ in answer.streaming_content if answer.streaming else ():
            pass
    took = time.thread_time() - started
    assert answer.status_code == 200, answer.status_code
    return took * 1e6


def _print_table(figures: dict[str, dict[str, float]]) -> None:
    print(f"{'CPU of a request, µs':24}{'with':>10}{'without':>10}{'ratio':>8}{'added':>8}")
    for name, way in figures.items():
        ratio, added = way["with"] / way["without"], way["with"] - way["without"]
        print(f"{name:24}{way['with']:10.0f}{way['without']:10.0f}{ratio:8.3f}{added:8.0f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
