"""Time and memory of exporting, checking and importing datasets of growing size.

    python -m benchmarks.datasets [--sizes 2000 20000 200000] [--json FILE]

Each size gets a scratch SQLite database. Memory is the peak that Python allocated beyond what it held before
(tracemalloc, which makes everything a few times slower).
"""

import argparse
import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import django

from benchmarks.own_server import migrate, scratch_environment

THEN = 1_679_300_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(list(measure_inside(arguments.inside, arguments.sizes[0]))))
        return
    figures = [figure for size in arguments.sizes for figure in measure(size)]
    print(f"{'rows':>8}  {'what':<22}{'seconds':>9}{'peak MB':>9}")
    for figure in figures:
        print(f"{figure['rows']:>8}  {figure['what']:<22}{figure['seconds']:>9.2f}{figure['peak_mb']:>9.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def measure(rows: int) -> list[dict[str, Any]]:
    """A process of its own with a scratch database."""
    with TemporaryDirectory() as folder:
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local")
        migrate(environment)
        command = [sys.executable, "-m", "benchmarks.datasets", "--inside", folder, "--sizes", str(rows)]
        answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    found: list[dict[str, Any]] = json.loads(answer)
    return found


def measure_inside(folder: Path, rows: int) -> Iterator[dict[str, Any]]:
    """The figures of this process's database."""
    django.setup()
    from recommend.datasets.importing import check_file, import_interactions
    from recommend.datasets.io import export_to_folder
    from recommend.datasets.schema import INTERACTIONS, InteractionRow

    path = folder / "likes.csv"
    _write(path, rows)
    checked = check_file(path)
    steps: dict[str, Callable[[], object]] = {
        "check": lambda: check_file(path),
        "import": lambda: import_interactions(cast(Iterator[InteractionRow], checked.read())),
        "import again": lambda: import_interactions(cast(Iterator[InteractionRow], checked.read())),
        "export": lambda: export_to_folder(INTERACTIONS, folder, verbatim=False, watch=lambda rows, dataset: rows),
    }
    for what, step in steps.items():
        yield {"rows": rows, "what": what, **_measured(step)}


def _measured(step: Callable[[], object]) -> dict[str, float]:
    began = time.perf_counter()
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"seconds": time.perf_counter() - began, "peak_mb": peak / 1e6}


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,IMPRESSION\r\n")
        for number in range(rows):
            keys = [f"emotions/calm/img_{(number * 7 + place) % 5_000:05d}_0h.jpeg" for place in range(3)]
            file.write(f"visitor-{number // 4},{keys[0]},{THEN + number},click,{'|'.join(keys)}\r\n")


if __name__ == "__main__":
    main()
