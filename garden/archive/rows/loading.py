"""Rows in, from lines: all of them or none."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model

from garden.archive.errors import DamagedError
from garden.archive.rows.models import columns_of, own_models, target_of
from garden.archive.rows.naming import NAMES, numbers_of
from garden.archive.rows.values import decode_value

_BATCH = 500


def empty_tables() -> None:
    """Of the project's models, also of those that no backup holds: what they tell is of rows that are gone."""
    with connection.cursor() as cursor:
        for model in own_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # Our own models' tables.


def load_rows(model: type[Model], lines: Iterable[str]) -> None:
    """As they were, with their numbers and times; nobody is told of them."""
    columns = columns_of(model)
    rows = (_row(model, columns, line, numbers) for numbers in [_numbers(columns)] for line in lines)
    while batch := list(islice(rows, _BATCH)):
        for part in _bearable(batch, columns):
            model._base_manager.all()._insert(part, fields=columns, using=connection.alias, raw=True)  # type: ignore[attr-defined]


def set_sequences() -> None:
    """The next row gets a number after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own_models()):
            cursor.execute(statement)


def _numbers(columns: "list[Field[Any, Any]]") -> dict[str, dict[Any, Any]]:
    labels = {column.name: target._meta.label for column in columns if (target := target_of(column)) is not None}
    return {name: numbers_of(label) for name, label in labels.items() if label in NAMES}


def _row(model: type[Model], columns: "list[Field[Any, Any]]", line: str, numbers: dict[str, dict[Any, Any]]) -> Model:
    try:
        told = json.loads(line)
        return model(**{column.attname: _value(column, told, numbers) for column in columns})
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise DamagedError(f"A row of {model._meta.label} cannot be read ({error!r}): {line[:200]}") from error


def _value(column: "Field[Any, Any]", told: dict[str, Any], numbers: dict[str, dict[Any, Any]]) -> Any:
    if column.name not in numbers:
        return decode_value(column, told[column.attname])
    name = told[column.name]
    return None if name is None else numbers[column.name][tuple(name)]


def _bearable(batch: list[Model], columns: "list[Field[Any, Any]]") -> Iterator[list[Model]]:
    """Parts that the database takes in one statement."""
    size = max(connection.ops.bulk_batch_size(columns, batch), 1)
    for start in range(0, len(batch), size):
        yield batch[start : start + size]
