"""`python -m tests.garden.databases.listing PID`: what a site with a standby answers, and from where. Prints JSON."""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import django

PATIENCE = 240.0


def main(pid: int) -> dict[str, Any]:
    django.setup()
    from django.db import connections
    from rest_framework.test import APIClient

    from garden.databases.replica import ReadYourWrites
    from tests.factories import ImageFactory

    kiosk, writer = APIClient(SERVER_NAME="localhost"), APIClient(SERVER_NAME="localhost")

    def listed(client: Any = kiosk) -> tuple[int, set[str]]:
        """How many pictures are told, and which databases were asked for pictures."""
        asked: Counter[str] = Counter()
        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(connections[alias].execute_wrapper(_noting(alias, asked)))
            answer = client.post("/gardenfromDB", {"emotion": "calm"}, format="json")
        assert answer.status_code == 200, answer.content
        return len(answer.json()["landscape"]), set(+asked)

    def until(wanted: Callable[[], bool]) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if wanted():
                return True
            time.sleep(0.2)
        return False

    told: dict[str, Any] = {}
    ImageFactory.create()
    told["read from the standby"] = until(lambda: listed() == (1, {"replica"}))
    liked = {"id": "ann", "itemId": None, "impression": ["emotions/calm/img_000000_0h.jpeg"]}
    writer.post("/like", liked, format="json")
    told["who wrote is marked"] = ReadYourWrites.COOKIE in writer.cookies
    told["who wrote reads from the primary"] = listed(writer)[1] == {"default"}
    with connections["replica"].cursor() as cursor:
        cursor.execute("SELECT pg_wal_replay_pause()")
    ImageFactory.create()
    told["too far behind: the primary"] = until(lambda: listed() == (2, {"default"}))
    with connections["replica"].cursor() as cursor:
        cursor.execute("SELECT pg_wal_replay_resume()")
    told["caught up: the standby"] = until(lambda: listed() == (2, {"replica"}))
    os.kill(pid, signal.SIGQUIT)
    told["gone: nobody notices"] = until(lambda: listed() == (2, {"default"}))
    return told


def _noting(alias: str, asked: Counter[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        asked[alias] += "garden_image" in sql
        return result

    return note


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))  # noqa: T201
