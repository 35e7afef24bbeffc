"""What the commands print: a table for people, JSON for scripts, and errors with their lists."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from garden.errors import GardenError
from garden.storage.outages import is_outage

SHOWN = 20


def print_report(out: OutputWrapper, figures: dict[str, Any], *, as_json: bool) -> None:
    """Figures by name; lists of what is wrong are shown in part, in JSON whole."""
    if as_json:
        out.write(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in figures.items():
        if isinstance(value, list):
            out.write("".join(f"{line}\n" for line in _lines(name, value)), ending="")
        elif isinstance(value, dict):
            out.write("".join(f"  {key:30} {_text(count):>14}\n" for key, count in value.items()), ending="")
        else:
            out.write(f"{name.replace('_', ' '):32} {_text(value):>14}")


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Raises CommandError with what went wrong and what it was about; outages pass through as they are."""
    try:
        yield
    except GardenError as error:
        details = [line for name, value in error.extra.items() for line in _lines(name, _listed(value))]
        raise CommandError("\n".join([error.detail, *details])) from error
    except OSError as error:
        if is_outage(error):
            raise
        raise CommandError(f"{error}. Nothing was lost; run it again when that is put right.") from error


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [{"name": name, **each} for name, each in value.items()]
    return value if isinstance(value, list) else [value]


def _lines(name: str, values: list[Any]) -> Iterator[str]:
    for value in values[:SHOWN]:
        yield f"  {name}: {' '.join(map(str, value.values())) if isinstance(value, dict) else value}"
    if len(values) > SHOWN:
        yield f"  {name}: … and {len(values) - SHOWN:,} more"


def _text(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
