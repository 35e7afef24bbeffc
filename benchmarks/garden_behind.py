"""How long a visitor waits for a garden right after other processes have taken in many likes, with no worker running.

    python -m benchmarks.garden_behind [--images 20000] [--likes 20000] [--requests 400] [--json FILE]

A scratch SQLite database and a granian server of its own with one worker process; one client with a keep-alive
connection on the same machine. Usual: the process is at the ledger's head. Behind: another process has appended the
likes just before, of as many new visitors, and the process learns them meanwhile. Started: the server has just started
with no snapshot newer than these likes. The process has caught up once it uses less than a tenth of a processor.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from benchmarks.garden import Body, _quantiles, _time_many, garden
from benchmarks.own_server import Server, migrate, scratch_environment, serving

_AT_ONCE = 1_000
_HEADER = f"{'':<10} {'requests':>8} {'p50 ms':>8} {'p95 ms':>8} {'most ms':>8} {'caught up after s':>18}"


def main() -> None:
    arguments = _arguments()
    if arguments.append:
        append(arguments.append)
        return
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        figures = measure(folder, arguments.images, arguments.likes, arguments.requests)
    print(_HEADER)
    for figure in figures:
        print(
            f"{figure['when']:<10} {figure['requests']:>8} {figure['p50_ms']:>8.2f} {figure['p95_ms']:>8.2f}"
            f" {figure['most_ms']:>8.2f} {figure.get('seconds', 0.0):>18.1f}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps({"cpus": os.cpu_count(), "figures": figures}, indent=2) + "\n")


def measure(folder: str, images: int, likes: int, requests: int) -> list[Body]:
    environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="benchmarks.garden_settings")
    migrate(environment)
    subprocess.run([sys.executable, "-m", "benchmarks.garden_rows", str(images), "1"], env=environment, check=True)
    with serving(environment) as server:
        _asked(server, requests // 4)
        usual = _asked(server, requests)
        appending = [sys.executable, "-m", "benchmarks.garden_behind", "--append", str(likes)]
        subprocess.run(appending, env=environment, check=True)
        behind = _until_caught_up(server, requests)
    with serving(environment) as server:
        started = _until_caught_up(server, requests)
    return [{"when": "usual", **usual}, {"when": "behind", **behind}, {"when": "started", **started}]


def _asked(server: Server, requests: int) -> Body:
    took, _ = _time_many(server.port, "/garden", garden(30), requests, 1)
    return {**_quantiles(took), "most_ms": max(took)}


def _until_caught_up(server: Server, requests: int) -> Body:
    began = time.monotonic()
    asked = _asked(server, requests)
    while True:
        used = server.cpu_seconds()
        time.sleep(2.0)
        if server.cpu_seconds() - used < 0.2:
            return {**asked, "seconds": time.monotonic() - began - 2.0}


def append(likes: int) -> None:
    """As other processes do: likes of new visitors, at the ledger's end."""
    django.setup()
    from garden.models import Image, Visitor
    from recommend.models import Interaction
    from recommend.services.history import append_interactions

    keys = dict(Image.objects.filter(pk__lte=3_000).values_list("pk", "key"))
    for start in range(0, likes, _AT_ONCE):
        names = [f"foreign-{number}" for number in range(start, min(start + _AT_ONCE, likes))]
        Visitor.objects.bulk_create(Visitor(id=name, generation="adult", gender="Female") for name in names)
        append_interactions(
            interactions=[_like(name, random.sample(sorted(keys), 3), keys, Interaction) for name in names]
        )


def _like(visitor: str, seen: list[int], keys: dict[int, str], interaction: Callable[..., Any]) -> Any:
    return interaction(
        visitor_id=visitor,
        group="adult/Female",
        emotion="happy",
        kind="like",
        image_id=seen[0],
        item_key=keys[seen[0]],
        impression=[keys[image] for image in seen],
        exposed=sorted(seen),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--likes", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--append", type=int, default=0, metavar="LIKES", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
