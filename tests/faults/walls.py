"""Walls that many change at once, and walls whose change is killed half-way.

`python -m tests.faults.walls together` lets threads hang whole walls and the clock play, while others read manifests.
`python -m tests.faults.walls twice` gives several workers the task at the same moment.
`python -m tests.faults.walls killed` kills a process at every statement of one change. Each prints JSON.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

HANGERS, HANGINGS = 4, 10
LAST = 100
API: Any = "api"


class Crowd:
    """Every hanger hangs pictures of its own in all 16 slots, so that a mixed wall names two hangers."""

    def __init__(self) -> None:
        from garden.walls.service import assign

        self.zone, self.walls = _zone(), [_wall(f"hanger{n}") for n in range(HANGERS)]
        self.versions = [assign(self.zone, self.walls[0], source=API)]
        self.seen: set[tuple[int, tuple[str, ...]]] = set()
        self.errors: list[str] = []
        self.done = threading.Event()

    def meet(self) -> None:
        others = [self._started(work) for work in (self._play, self._read, self._read)]
        hangers = [self._started(self._hang, wall) for wall in self.walls]
        for thread in hangers:
            thread.join()
        self.done.set()
        for thread in others:
            thread.join()

    def _hang(self, wall: dict[str, Any]) -> None:
        from garden.models import Zone
        from garden.walls.service import assign

        for _ in range(HANGINGS):
            self.versions.append(assign(Zone.objects.get(), wall, source=API))
            time.sleep(0.02)

    def _play(self) -> None:
        from garden.walls.rotation import keep_walls
        from garden.walls.service import renew

        while not self.done.is_set():
            keep_walls()
            self.versions.append(renew(self.zone))

    def _read(self) -> None:
        while not self.done.is_set():
            reported = _manifest()
            self.seen.add(
                (reported["version"], tuple(sorted({_hanger(slot["key"]) for slot in reported["slots"].values()})))
            )

    def _started(self, work: Callable[..., None], *args: Any) -> threading.Thread:
        thread = threading.Thread(target=self._tell_errors, args=(work, *args))
        thread.start()
        return thread

    def _tell_errors(self, work: Callable[..., None], *args: Any) -> None:
        from django.db import connections

        try:
            work(*args)
        except Exception as error:
            self.errors.append(repr(error))
        finally:
            connections.close_all()


def together() -> dict[str, Any]:
    crowd = Crowd()
    _manifest()
    crowd.meet()
    crowd.zone.refresh_from_db()
    return {
        "returned": crowd.versions,
        "noted": list(crowd.zone.changes.order_by("version").values_list("version", flat=True)),
        "version": crowd.zone.version,
        "mixed": [wall for _, wall in crowd.seen if len(wall) > 1],
        "read": len(crowd.seen),
        "read_versions": len({version for version, _ in crowd.seen}),
        "errors": crowd.errors,
    }


def twice() -> list[dict[str, int]]:
    """Four workers get the task at the same moment: when walls are empty, and a turn later."""
    from django.db import connections
    from django.utils import timezone

    from garden.walls.rotation import keep_walls

    zone, _ = _zone(), [_wall(name) for name in ("first", "second")]
    found = []
    for moment in (timezone.now(), timezone.now() + timedelta(seconds=61)):
        together = threading.Barrier(4)
        changed: list[int] = []

        def work(moment: Any = moment, together: Any = together, changed: Any = changed) -> None:
            together.wait()
            changed.append(keep_walls(moment))
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        zone.refresh_from_db()
        found.append({"tasks": len(changed), "changed": sum(changed), "version": zone.version})
    return found


def killed() -> list[dict[str, Any]]:
    from garden.walls.service import assign
    from tests.faults.killing import deadly, in_a_child

    found = []
    for fatal in range(1, LAST):
        zone = _zone()
        old, new = _wall("old"), _wall("new")
        assign(zone, old, source=API)

        def dying(fatal: int = fatal, zone: Any = zone, new: Any = new) -> None:
            with deadly(fatal):
                assign(zone, new, source=API)

        survived = in_a_child(dying)
        reported = _manifest()
        hangers = sorted({_hanger(slot["key"]) for slot in reported["slots"].values()})
        noted = zone.changes.count()
        found.append(
            {"version": reported["version"], "walls": hangers, "noted": noted, "slots": len(reported["slots"])}
        )
        if survived:
            return found
    return found


def _zone() -> Any:
    from garden.models import Image, Zone

    Zone.objects.all().delete()
    Image.objects.all().delete()
    return Zone.objects.create(name="zone1")


def _wall(hanger: str) -> dict[str, Any]:
    from tests.support.factories import ImageFactory

    names = [f"{number}{side}" for number in range(1, 9) for side in "hv"]
    return {name: ImageFactory.create(key=f"emotions/calm/{hanger}/{name}.jpeg") for name in names}


def _hanger(key: str) -> str:
    return key.split("/")[2]


def _manifest() -> dict[str, Any]:
    from django.test import Client

    reported: dict[str, Any] = Client().get("/wall/zone1/manifest").json()
    return reported


def main(scenario: str) -> None:
    django.setup()
    print(json.dumps({"together": together, "twice": twice, "killed": killed}[scenario]()))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
