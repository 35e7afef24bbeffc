"""The garden as the last release left it, and the last release's code at work on today's tables.

`python -m tests.upgrades.old_garden fill` migrates an empty database as far as the last release did and puts rows
into it. `… use` reads all rows and writes more of them with the models that the last release knew, whatever the
tables have become; `… go-on` does so until its input is closed. Prints JSON.
"""

import json
import sys
import threading
import time
import uuid
from datetime import date, timedelta
from typing import Any

import django
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

SPECIAL: dict[str, dict[str, Any]] = {
    "garden.Image": {"emotion": "calm", "orientation": "landscape", "state": "serving", "published_at": timezone.now},
    "garden.Zone": {"name": lambda: f"z{uuid.uuid4().hex[:20]}"},
    "garden.Alarm": {"kiosk": ...},
    "garden.KioskKey": {"kiosk": ...},
    "garden.DeviceHealth": {"kiosk": ...},
    "recommend.Interaction": {"kind": "like", "group": "unknown/unknown", "item_key": "emotions/calm/a_h.jpeg"},
    "recommend.Slate": {"group": "unknown/unknown"},
    "recommend.ImageRate": {"group": "unknown/unknown"},
    "generation.Slot": {"state": "queued"},
    "generation.PromptTemplate": {"emotion": "calm"},
    "curation.Decision": {"verdict": "like"},
}
LONG = 60
"""Letters that a key of a picture needs at most."""
WRITTEN = [
    *("garden.Image", "garden.Zone", "garden.Kiosk", "garden.KioskKey", "garden.Visitor", "garden.WallChange"),
    *("garden.SouvenirLink", "garden.DeviceHealth", "garden.Alarm"),
    *("recommend.Slate", "recommend.Interaction", "recommend.ImageRate"),
    *("generation.GenerationJob", "generation.Slot", "generation.PromptTemplate", "generation.Worker"),
    *("curation.BulkOperation", "curation.BulkOperationItem", "curation.Decision"),
]
"""What kiosks, workers and curators write all day; every table is read."""


def old_apps() -> Any:
    from garden.ops.version import last_release

    leaves = list(last_release().items())
    executor = MigrationExecutor(connection)
    return executor, leaves, executor.loader.project_state(leaves).apps


def fill() -> dict[str, int]:
    executor, leaves, _ = old_apps()
    executor.migrate(leaves)
    apps = executor.loader.project_state(leaves).apps
    for label in WRITTEN:
        write(apps.get_model(label), 3)
    return count(apps)


def use() -> dict[str, int]:
    """Rows that were there before, by model."""
    _, _, apps = old_apps()
    found = count(apps)
    write_all(apps)
    return found


def go_on() -> dict[str, int]:
    """As `use`, again and again until the standard input is closed."""
    _, _, apps = old_apps()
    found = count(apps)
    closed = threading.Thread(target=sys.stdin.read, daemon=True)
    closed.start()
    write_all(apps)
    print("begun", flush=True)  # noqa: T201
    while closed.is_alive():
        write_all(apps)
    return found


def write_all(apps: Any) -> None:
    for label in WRITTEN:
        for row in write(apps.get_model(label), 1):
            row.save()


def count(apps: Any) -> dict[str, int]:
    """Every column of every row is read."""
    from garden.ops.version import OURS

    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: len(list(model._base_manager.all())) for model in models}


def write(model: Any, number: int) -> list[Any]:
    return [make(model) for _ in range(number)]


def make(model: Any) -> Any:
    special = SPECIAL.get(model._meta.label, {})
    given: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in special:
            value = special[field.name]
            given[field.name] = invent(field) if value is ... else value() if callable(value) else value
        elif not isinstance(field, models.AutoField) and (not has_default(field) or (field.unique and not field.null)):
            given[field.name] = invent(field)
    return model._base_manager.create(**given)


def has_default(field: Any) -> bool:
    given = field.has_default() and field.get_default() is not None
    return given or field.null or (field.blank and field.empty_strings_allowed)


def invent(field: Any) -> Any:
    if field.remote_field:
        return make(field.remote_field.model)
    if field.choices:
        return field.choices[0][0]
    return _of_type(field)


def _of_type(field: Any) -> Any:
    made: dict[type, Any] = {
        models.UUIDField: uuid.uuid4,
        models.DateTimeField: timezone.now,
        models.DateField: lambda: date(2026, 1, 1) + timedelta(days=int(time.time_ns() % 100_000)),
        models.BooleanField: lambda: True,
        models.JSONField: list,
        models.FloatField: lambda: 0.5,
        models.BinaryField: lambda: b"x",
    }
    for kind, maker in made.items():
        if isinstance(field, kind):
            return maker()
    if isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField):
        return 1
    if isinstance(field, models.IntegerField):
        return time.time_ns() % 2_000_000_000
    name = uuid.uuid4().hex
    room = field.max_length or LONG
    return f"emotions/calm/{name}h.jpeg" if room >= LONG else name[:room]


def main(order: str) -> None:
    django.setup()
    done = {"fill": fill, "use": use, "go-on": go_on}[order]()
    print(json.dumps(done))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
