"""How fast a curator's pages are in a pool of hundreds of thousands: over HTTP, and in a headless Chromium.

    python -m benchmarks.review [--sizes 200000 1000000] [--requests 30] [--minutes 1] [--no-browser] [--json FILE]

Each size gets a scratch SQLite database and a granian server of its own; the client runs on the same machine.
Peers in the same run, over the same rows: Django's paginator (COUNT and OFFSET), and the admin's own change list.
"""

import argparse
import http.client
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.own_server import migrate, scratch_environment, serve
from benchmarks.review_browser import watch_curator
from benchmarks.review_rows import SESSION_FILE

Figure = dict[str, Any]
PAGE = 60
DEEP = 1_000
CSRF = "c" * 32
DECISIONS = 1_000
AT_ONCE = 200
"""`curation.services.operations.AT_ONCE`: more go to a worker."""


def main() -> None:
    arguments = _arguments()
    figures: list[Figure] = []
    for size in arguments.sizes:
        for figure in measure(size, arguments.requests, 0 if arguments.no_browser else arguments.minutes):
            figures.append(figure)
            print_row(figure)
    if arguments.json:
        machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "platform": platform.platform()}
        arguments.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")


def measure(images: int, requests: int, minutes: float) -> Iterator[Figure]:
    with review_server(images) as (port, session):
        client = Client(port, session)
        newest = client.newest()
        for name, path in _reads(newest):
            yield {"images": images, "what": name, **client.time(path, requests)}
        yield {"images": images, "what": f"{DECISIONS:,} decisions written", **client.decide(newest, rounds=5)}
        if minutes:
            for figure in watch_curator(port, session, minutes):
                yield {"images": images, **figure}


def _reads(newest: int) -> list[tuple[str, str]]:
    deep = max(PAGE + 1, newest - PAGE * (DEEP - 1))
    page = "/admin/curation/review/"
    combined = {"emotion": "calm", "orientation": "portrait", "verdict": "undecided"}
    return [
        ("first screen (HTML with its JSON)", page),
        ("first screen, calm portrait undecided", f"{page}?{urlencode(combined)}"),
        ("first screen at a shared picture", f"{page}?at={deep}"),
        ("page 1", f"/curation/images?limit={PAGE}"),
        (f"page {DEEP:,}", f"/curation/images?limit={PAGE}&before={deep}"),
        ("last page", f"/curation/images?limit={PAGE}&before={PAGE + 1}"),
        ("page, liked portrait", f"/curation/images?limit={PAGE}&verdict=like&orientation=portrait"),
        ("page, a model that nothing has", f"/curation/images?limit={PAGE}&model=none"),
        ("page, words that nothing has", f"/curation/images?limit={PAGE}&q=zeppelin"),
        ("counts", "/curation/counts"),
        ("peer: paginator, page 1", "/peer/offset?page=1"),
        (f"peer: paginator, page {DEEP:,}", f"/peer/offset?page={DEEP}"),
        ("peer: admin change list, page 1", "/admin/garden/image/?p=1"),
        (f"peer: admin change list, page {DEEP:,}", f"/admin/garden/image/?p={DEEP}"),
    ]


class Client:
    """One curator's connection, kept alive."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def newest(self) -> int:
        newest: int = json.loads(self._ask("GET", "/curation/images?limit=1"))["images"][0]["id"]
        return newest

    def time(self, path: str, requests: int) -> Figure:
        self._ask("GET", path)
        answers = [self._timed("GET", path) for _ in range(requests)]
        return {**_quantiles([took for took, _ in answers]), "bytes": answers[0][1]}

    def decide(self, newest: int, rounds: int) -> Figure:
        """A thousand at once, each round on other pictures."""
        took = [self._timed("POST", "/curation/decisions", _decisions(newest - n * DECISIONS)) for n in range(rounds)]
        return {**_quantiles([ms for ms, _ in took]), "bytes": took[0][1]}

    def label(self, newest: int, emotions: Sequence[str]) -> Figure:
        """A thousand pictures get another emotion, in requests of what is carried out at once."""
        took = [self._label(newest - n * DECISIONS, emotion) for n, emotion in enumerate(emotions)]
        return {**_quantiles(took), "bytes": 0}

    def _label(self, newest: int, emotion: str) -> float:
        parts = [range(newest - begin - AT_ONCE + 1, newest - begin + 1) for begin in range(0, DECISIONS, AT_ONCE)]
        orders = [{"id": str(uuid.uuid4()), "kind": "label", "labels": {"emotion": emotion}} for _ in parts]
        return sum(
            self._timed("POST", "/curation/acts", {**order, "images": [*part]})[0]
            for order, part in zip(orders, parts, strict=True)
        )

    def _timed(self, method: str, path: str, body: Any = None) -> tuple[float, int]:
        payload = None if body is None else json.dumps(body)
        started = time.perf_counter()
        content = self._ask(method, path, payload)
        return (time.perf_counter() - started) * 1000, len(content)

    def _ask(self, method: str, path: str, payload: str | None = None) -> bytes:
        self._connection.request(method, path, payload, {**self._headers, "Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise SystemExit(f"{path} answered {response.status}: {content[:300]!r}")
        return content


def _decisions(newest: int) -> Figure:
    verdicts = ("like", "dislike")
    return {
        "decisions": [
            {"event": str(uuid.uuid4()), "image": newest - number, "verdict": verdicts[number % 2], "rating": None}
            for number in range(DECISIONS)
        ]
    }


@contextmanager
def review_server(images: int) -> Iterator[tuple[int, str]]:
    """The port of a server with this many pictures, and a curator's session."""
    with tempfile.TemporaryDirectory(prefix="review-benchmark-") as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.review_settings")
        migrate(environment)
        subprocess.run([sys.executable, "-m", "benchmarks.review_rows", str(images)], env=environment, check=True)
        with serve(environment) as port:
            yield port, (Path(folder) / SESSION_FILE).read_text()


def _quantiles(took: list[float]) -> Figure:
    cuts = statistics.quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
    return {"p50_ms": round(statistics.median(took), 1), "p95_ms": round(cuts[18], 1), "requests": len(took)}


def print_row(figure: Figure) -> None:
    if "value" in figure:
        print(f"{figure['images']:>9,}  {figure['what']:44} {figure['value']:>10} {figure['unit']}", flush=True)
        return
    size = f"{figure['bytes'] / 1000:.1f}"
    times = f"p50 {figure['p50_ms']:>8.1f} ms  p95 {figure['p95_ms']:>8.1f} ms"
    print(f"{figure['images']:>9,}  {figure['what']:44} {times}  {size:>7} KB", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200_000, 1_000_000], metavar="IMAGES")
    parser.add_argument("--requests", type=int, default=30, help="of each kind")
    parser.add_argument("--minutes", type=float, default=1.0, help="of a curator deciding once a second")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
