"""Pictures that grow for visitors, at 1, 5 and 20 kiosks at once, on a server as `make run` starts it.

    python -m benchmarks.growing [--rounds 5] [--models FOLDER]

Seconds from the request: until the first stage can be shown, and until the finished picture; without other work, and
beside a bulk job. A kiosk shows curated pictures when nothing happens for four seconds; those are counted. One process
makes the pictures, on the same processors as the server and the kiosks. Run `manage.py build_models` first. About three
minutes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import requests

from benchmarks.own_server import ROOT, run_garden, site
from benchmarks.rehearsal_rows import plant_site

KIOSKS = (1, 5, 20)
POLL_SECONDS, PATIENCE_SECONDS = 0.15, 4.0
BULK = 400
MOODS = ("happy", "surprised", "calm", "angry", "fear", "confused", "disgusted", "sad")


class Grown(NamedTuple):
    first: float
    finished: float
    is_curated: bool


def main() -> None:
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        environment = site(Path(folder), options.models)
        keys = plant_site(environment, max(KIOSKS))
        with run_garden(environment) as port:
            grow(f"http://127.0.0.1:{port}", keys[0], "calm")  # The worker loads its drawings once.
            print_growth(port, keys, KIOSKS, options.rounds)
            _order_bulk(environment)
            print_growth(port, keys, KIOSKS, options.rounds, beside=f"{BULK} in bulk")


def print_growth(port: int, keys: list[str], kiosks: Sequence[int], rounds: int = 5, beside: str = "none") -> None:
    """A table with a row for each number of kiosks that grow pictures at the same moment."""
    columns = ("kiosks", "first p50", "p95", "finished p50", "p95", "curated")
    print(f"{'work beside it':16}" + "".join(f" {column:>12}" for column in columns))
    for count in kiosks:
        print(_row(beside, count, list(_rounds(port, keys[:count], rounds))), flush=True)


def grow(address: str, key: str, emotion: str) -> Grown:
    """One visitor's picture, watched as the kiosk's page does."""
    session = requests.Session()
    session.headers["x-api-key"] = key
    begun = since = time.monotonic()
    wanted = {"id": str(uuid.uuid4()), "emotion": emotion, "orientation": "portrait"}
    growing = f"{address}/grow/{session.post(f'{address}/grow', json=wanted, timeout=30).json()['id']}"
    first, news = 0.0, None
    while True:
        growth = session.get(growing, timeout=30).json()
        now = time.monotonic()
        if growth["stages"] and not first:
            first = now - begun
        if (growth["state"], growth["ahead"], growth["stages"]) != news:
            news, since = (growth["state"], growth["ahead"], growth["stages"]), now
        if growth["picture"]:
            return Grown(first, now - begun, is_curated=False)
        if now - since > PATIENCE_SECONDS:
            session.delete(growing, timeout=30)
            return Grown(first or now - begun, now - begun, is_curated=True)
        time.sleep(POLL_SECONDS)


def _rounds(port: int, keys: list[str], rounds: int) -> Iterator[Grown]:
    """All kiosks at the same moment, several times."""
    with ThreadPoolExecutor(len(keys)) as kiosks:
        for number in range(rounds):
            moods = [MOODS[(number + place) % len(MOODS)] for place in range(len(keys))]
            yield from kiosks.map(grow, [f"http://127.0.0.1:{port}"] * len(keys), keys, moods)


def _order_bulk(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "generate", "calm", "--count", str(BULK // 2)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _row(beside: str, kiosks: int, grown: list[Grown]) -> str:
    first, finished = (_p50_p95([one[place] for one in grown]) for place in (0, 1))
    curated = sum(one.is_curated for one in grown)
    cells = (str(kiosks), *(f"{seconds:.2f} s" for seconds in (*first, *finished)), f"{curated} of {len(grown)}")
    return f"{beside:16}" + "".join(f" {cell:>12}" for cell in cells)


def _p50_p95(seconds: list[float]) -> tuple[float, float]:
    shares = quantiles(seconds, n=20, method="inclusive")
    return shares[9], shares[18]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    models = Path(os.environ.get("FACE_MODELS", ROOT / "var" / "models" / "face"))
    parser.add_argument("--models", type=Path, default=models, help="folder of the face networks")
    return parser.parse_args()


if __name__ == "__main__":
    main()
