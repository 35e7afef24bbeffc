"""How long the dashboard takes: its roll-ups, which the clock renews, and the page, which reads them.

    python -m benchmarks.dashboard [--pictures 1000000] [--rounds 5] [--database URL] [--json FILE]

The peer, in the same run: the page that computes everything when it is asked for.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.own_server import set_up_django

BATCH = 10_000
DECIDED = 3
"""One in so many pictures is decided; one in so many of these is a decision of today."""


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        set_up_django(Path(folder), asked.database, ALLOWED_HOSTS="testserver")
        _fill(asked.pictures)
        figures = _measure(asked.rounds)
    print(f"{asked.pictures} pictures, median ms of {asked.rounds} rounds")
    for name, milliseconds in figures.items():
        print(f"{name:<24}{milliseconds:>10.1f}")
    if asked.json:
        asked.json.write_text(json.dumps({"pictures": asked.pictures, "median_ms": figures}, indent=2) + "\n")


def _measure(rounds: int) -> dict[str, float]:
    from django.test import Client

    from curation.dashboard.figures import SOURCES, roll_up

    client = Client()
    client.force_login(_viewer())
    figures = {f"roll-up {name}": _median(rounds, lambda one=name: roll_up(one)) for name in SOURCES}  # type: ignore[misc]
    page = _median(rounds, lambda: _open(client))
    without = _median(rounds, lambda: _reopen(client))
    return {**figures, "page": page, "page without roll-ups": without}


def _open(client: Any) -> None:
    if client.get("/admin/curation/dashboard/").status_code != 200:
        raise SystemExit("The page does not answer.")


def _reopen(client: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    _open(client)


def _median(rounds: int, action: Callable[[], Any]) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _viewer() -> Any:
    from django.contrib.auth.models import Group, User

    user = User.objects.create_user("vic", is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    return user


def _fill(count: int) -> None:
    from curation.models import Decision
    from garden.models import Image
    from recommend.models import ImageRate

    _create(Image, _images(count))
    _create(ImageRate, (_rate(image) for image in range(1, count + 1, 10)))
    _create(Decision, _decisions(count))


def _create(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def _images(count: int) -> Iterator[Any]:
    from django.utils import timezone

    from garden.models import Image
    from garden.vocabulary import Emotion

    moods, now = list(map(str, Emotion)), timezone.now()
    same = {"width": 1280, "height": 800, "origin": "benchmark", "content_hash": "0" * 64, "model": "m1"}
    for n in range(count):
        root, mood = "emotions" if n % 5 == 0 else "imgPool", moods[n % 8]
        image = Image(
            key=f"{root}/{mood}/img_{n}_0{'hv'[n // 8 % 2]}.jpeg", prompt=f"{mood}, lake, moon {n % 50}", **same
        )
        image.fill_from_key()
        image.parameters = {"seed": n * 7919 % 2**32}
        image.published_at = now if root == "emotions" else None
        image.verdict = ["like", "dislike"][n // DECIDED % 2] if n % DECIDED == 0 else ""
        yield image


def _rate(image: int) -> Any:
    from recommend.models import ImageRate

    return ImageRate(image_id=image, group="adult/Male", shown=20 + image % 7, liked=image % 13)


def _decisions(count: int) -> Iterator[Any]:
    import uuid

    from django.utils import timezone

    from curation.models import Decision

    now = timezone.now()
    for n in range(0, count, DECIDED):
        when = now - timedelta(minutes=n * 60 * 24 * 60 / count)
        yield Decision(event=uuid.UUID(int=n), image_id=n + 1, key="x", verdict="like", created_at=when)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pictures", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", default="", help="a URL; SQLite in a scratch folder otherwise")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
