"""A garden that goes back and forth between two releases in one process, while another asks for it all the time.

`python -m tests.faults.reading` prints a JSON object: how often it was asked by each route, how many different answers
there were, and those that are no release.
"""

import itertools
import json
import os
import signal
import time
from typing import Any

import django

PICTURES = 40
ASKED = {"/gardenfromDB": 8, "/garden": 1}
"""How often a round; the second one writes as well, and on SQLite waits its turn."""
ROUNDS = 15
PAUSE = 0.01


def main() -> None:
    django.setup()
    from django.db import connections
    from rest_framework.test import APIClient

    from curation.services.operations import roll_back

    releases = _two_releases()
    connections.close_all()
    writer = os.fork()
    if writer == 0:
        for turn in itertools.count():
            operation = roll_back(garden="calm", number=(1, 3)[turn % 2], by=None)
            assert operation.state == "done", operation.error
            time.sleep(PAUSE)
    client = APIClient()
    seen: dict[str, list[str]] = {route: [] for route in ASKED}
    for _round in range(ROUNDS):
        for route, times in ASKED.items():
            seen[route] += [_ask(client, route) for _ in range(times)]
    assert os.waitpid(writer, os.WNOHANG) == (0, 0), "the writer died"
    os.kill(writer, signal.SIGKILL)
    reported = {
        route: {
            "asked": len(answers),
            "different": len(set(answers)),
            "torn": len(set(answers) - releases),
        }
        for route, answers in seen.items()
    }
    print(json.dumps(reported))  # noqa: T201


def _two_releases() -> set[str]:
    """Number 1 shows the first pictures, number 3 the others; each has landscapes and portraits."""
    from curation.services.operations import withdraw_images

    first, others = (_shelved(name) for name in ("first", "other"))
    for images in (first, others):
        _show(images)
    withdraw_images(images=[image.pk for image in first], by=None)
    return {json.dumps(sorted(image.key for image in images)) for images in (first, others)}


def _shelved(name: str) -> list[Any]:
    from garden.models import Image

    keys = [f"emotions/calm/{name}_{n}{side}.jpeg" for n in range(PICTURES) for side in "hv"]
    images = [Image(key=key, width=8, height=8, origin="painter", content_hash=key).fill_from_key() for key in keys]
    for image in images:
        image.state = Image.State.SHELVED
    return Image.objects.bulk_create(images)


def _show(images: list[Any]) -> None:
    from curation.services.operations import publish_images

    operation = publish_images(images=[image.pk for image in images], by=None)
    assert operation.state == "done", operation.error


def _ask(client: Any, route: str) -> str:
    answer = client.post(route, {"id": "reader", "emotion": "calm"}, format="json").json()
    return json.dumps(sorted(image["key"] for side in ("landscape", "portrait") for image in answer[side]))


if __name__ == "__main__":
    main()
