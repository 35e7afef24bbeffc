"""What one site takes: processor time and rows of a visit, kiosks for each core, rows in a gigabyte.

    python -m benchmarks.capacity [--visits 60] [--rows 20000] [--postgresql URL] [--json]

A server of its own is asked as kiosks ask it, by one client at a time, and its processor time is read from the kernel,
so that other work on the machine changes little. Rows are written as the garden writes them, and the database is
measured before and after. Beside it, in the same run: `GET /healthz`, the cost of a request that does nothing.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from skimage import data

from benchmarks.own_server import Server, migrate, scratch_environment, serving

SLATES = 4
LIKES = 2
VISIT_SECONDS = 75.0
"""From one visitor of a kiosk to the next, when people queue."""
BUSY = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=60)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--postgresql", default="", help="the URL of an empty database, to measure rows there")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(options.models.resolve())
        figures = {"visit": measure_visits(folder, options.visits)}
        url = options.postgresql or f"sqlite:///{folder}/rows.sqlite3"
        figures["rows"] = measure_rows(folder, url, options.rows)
    print(json.dumps(figures) if options.json else table(figures))


def measure_visits(folder: str, visits: int) -> dict[str, float]:
    """CPU seconds of each kind of request, and of a whole visit."""
    environment = scratch_environment(folder, THROTTLE_RATES="emotion=100000/min,garden=100000/min,like=100000/min")
    migrate(environment)
    _fill(environment, 400, "images")
    with serving(environment) as server:
        kiosk = _Kiosk(f"http://127.0.0.1:{server.port}")
        kiosk.visit()
        spent = {
            "nothing": _spent(server, visits, kiosk.nothing),
            "emotion": _spent(server, visits, kiosk.emotion),
            "garden": _spent(server, visits, kiosk.garden),
            "like": _spent(server, visits, kiosk.like),
        }
    spent["visit"] = spent["emotion"] + SLATES * spent["garden"] + LIKES * spent["like"]
    return spent | {"kiosks_a_core": BUSY * VISIT_SECONDS / spent["visit"]}


def _portrait() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(data.astronaut()).save(stream, "JPEG")
    return stream.getvalue()


class _Kiosk:
    def __init__(self, url: str) -> None:
        self.url, self.photo, self.session = url, _portrait(), requests.Session()
        self.shown: list[str] = []

    def nothing(self) -> None:
        self._ask(self.session.get(f"{self.url}/healthz", timeout=30))

    def emotion(self) -> None:
        self._ask(self.session.post(f"{self.url}/emotion", data=self.photo, timeout=30))

    def garden(self) -> None:
        request_data = {"id": "ann", "emotion": "calm", "limit": 60}
        answer = self._ask(self.session.post(f"{self.url}/garden", json=request_data, timeout=30))
        self.shown = [image["key"] for image in answer.json()["landscape"][:3]]

    def like(self) -> None:
        message = {"id": "ann", "itemId": self.shown[0], "impression": self.shown, "eventId": str(uuid.uuid4())}
        self._ask(self.session.post(f"{self.url}/like", json=message, timeout=30))

    def visit(self) -> None:
        for operation in (self.nothing, self.emotion, self.garden, self.like):
            operation()

    def _ask(self, answer: requests.Response) -> requests.Response:
        answer.raise_for_status()
        return answer


def _spent(server: Server, times: int, operation: Any) -> float:
    before = server.cpu_seconds()
    for _ in range(times):
        operation()
    return (server.cpu_seconds() - before) / times


def measure_rows(folder: str, url: str, rows: int) -> dict[str, float]:
    """Bytes of a row with its indexes, by kind."""
    environment = scratch_environment(folder, DATABASE_URL=url)
    migrate(environment)
    return {kind: _fill(environment, rows, kind) for kind in ("images", "visitors", "slates", "likes", "record")}


def _fill(environment: dict[str, str], rows: int, kind: str) -> float:
    command = [sys.executable, "-m", "benchmarks.capacity_rows", kind, str(rows)]
    site = {**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "garden.settings.local"}
    return float(subprocess.run(command, env=site, check=True, capture_output=True, text=True).stdout)


def table(figures: dict[str, dict[str, float]]) -> str:
    visit, rows = figures["visit"], figures["rows"]
    lines = [f"{'request':12}{'CPU ms':>10}", *(f"{name:12}{1e3 * visit[name]:>10.1f}" for name in list(visit)[:-1])]
    lines += [f"kiosks with queues for each core, {BUSY:.0%} busy: {visit['kiosks_a_core']:.0f}", ""]
    lines += [f"{'row':12}{'bytes':>10}{'a GB':>14}"]
    lines += [f"{name:12}{size:>10.0f}{1e9 / size:>14,.0f}" for name, size in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
