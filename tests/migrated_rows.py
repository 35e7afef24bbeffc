"""What migrations put into a new database, put there again: a test that really commits leaves an empty one."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.db.migrations import RunPython

import curation.migrations
import generation.migrations

_ROOMS = [generation.migrations, curation.migrations]
"""Those whose migrations write rows of their own: prompt templates, words and plans; gardens."""


def put_back() -> None:
    for operation in _writing():
        operation.code(apps, None)  # type: ignore[arg-type]  # Today's models are as good, and none of them draws.


def _writing() -> Iterator[RunPython]:
    for room in _ROOMS:
        for name in sorted(found.name for found in pkgutil.iter_modules(room.__path__)):
            operations = import_module(f"{room.__name__}.{name}").Migration.operations
            yield from (operation for operation in operations if isinstance(operation, RunPython))
