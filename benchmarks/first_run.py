"""Time from a clone to each thing that a visitor meets: `make run` in a new clone, then again in the same clone.

    python -m benchmarks.first_run [--cold] [--port 8123] [--json FILE]

Prints seconds since `make run` was entered. Package caches of pip, uv and npm are used as they are: run it twice to
have them warm; with `--cold` they are empty, and the connection to the package registries matters. The clone has the
last commit of this checkout. The peer is the second start, which prepares nothing.
"""

import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

ROOT = Path(__file__).parents[1]
PAIRS = 16
PICTURES = 192
NETWORKS = 9
LONGEST = 900.0
CACHES = ("PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache")


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "garden")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        caches = {name: f"{folder}/{name}" for name in CACHES} if arguments.cold else {}
        first = _seconds_until(clone, arguments.port, caches, last="the whole starter garden")
        second = _seconds_until(clone, arguments.port, caches, last="first page")
    print(f"{'seconds until':<44}{'first start':>12}{'second start':>14}")
    for stage, seconds in first.items():
        again = f"{second[stage]:.1f}" if stage in second else "–"
        print(f"{stage:<44}{seconds:>12.1f}{again:>14}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"first": first, "second": second}, indent=2) + "\n")


def _seconds_until(clone: Path, port: int, caches: dict[str, str], *, last: str) -> dict[str, float]:
    """Of each stage, in the order in which they are reached."""
    url, media = f"http://localhost:{port}", clone / "var" / "media" / "emotions"
    stages: dict[str, Callable[[], bool]] = {
        "Python packages": (clone / ".venv" / ".base").exists,
        "npm packages": (clone / "node_modules" / ".installed").exists,
        "first page": lambda: _answers(f"{url}/kiosk/"),
        "a picture of each emotion in both forms": lambda: _count(media, "*.jpeg") >= PAIRS,
        "faces are read": lambda: _count(clone / "var" / "models", "*.onnx") >= NETWORKS,
        "the whole starter garden": lambda: _count(media, "*.jpeg") >= PICTURES,
    }
    reached: dict[str, float] = {}
    begun = time.monotonic()
    with Path(clone.parent, "output").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env={**os.environ, **caches, "PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while last not in reached:
            seconds = time.monotonic() - begun
            for stage, is_reached in stages.items():
                if stage not in reached and is_reached():
                    reached[stage] = seconds
            if process.poll() is not None or seconds > LONGEST:
                raise SystemExit(Path(clone.parent, "output").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
    return reached


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False


def _count(folder: Path, pattern: str) -> int:
    return sum(1 for _ in folder.rglob(pattern))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold", action="store_true", help="with empty caches of packages")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
