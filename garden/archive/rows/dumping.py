"""Rows out, as lines, in the order of their primary keys."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import CharField, DateTimeField, JSONField, Model, QuerySet, TextField
from django.db.models.functions import Cast, Collate

from garden.archive.rows.columns import (
    EncodeColumn,
    column_encoder,
    encode_stored_jsons,
    encode_stored_times,
    lines_of,
)
from garden.archive.rows.models import CHOICES, columns_of, name_of, target_of
from garden.archive.rows.naming import NAMES, names_of
from garden.archive.rows.values import encode_value, encoder_of

_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_BATCH = 2_000
STORED: dict[type[Any], EncodeColumn] = {DateTimeField: encode_stored_times, JSONField: encode_stored_jsons}
"""What SQLite keeps as texts that are quicker read from there."""


def dump_rows(model: type[Model], left_out: Collection[str] = ()) -> Iterator[str]:
    """Lines of all rows. Foreign keys to what was left out are null, those to accounts are names."""
    return chain.from_iterable(dump_batches(model, left_out))


def dump_batches(model: type[Model], left_out: Collection[str] = ()) -> Iterator[list[str]]:
    """`dump_rows`, some at a time."""
    columns = sorted(columns_of(model), key=name_of)
    names = list(map(name_of, columns))
    encoders = [_encoder(column, left_out) for column in columns]
    rows = _in_order(model).values_list(*map(_selected, columns)).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        values = zip(*batch, strict=True)
        yield lines_of(names, [encode(column) for encode, column in zip(encoders, values, strict=True)])


def models_with_rows(models: Iterable[type[Model]]) -> set[type[Model]]:
    """Found in one question: most tables of most sites are empty."""
    told = {model: connection.ops.quote_name(model._meta.db_table) for model in models}
    with connection.cursor() as cursor:
        asked = [f"EXISTS (SELECT 1 FROM {table})" for table in told.values()]  # noqa: S608  # Our own models' tables.
        cursor.execute("SELECT " + ", ".join(asked))
        return {model for model, has_rows in zip(told, cursor.fetchone(), strict=True) if has_rows}


def byte_order(name: str) -> Collate:
    """Texts in the order in which storages list keys, on every database."""
    return Collate(name, _BYTE_ORDER[connection.vendor])


def _in_order(model: type[Model]) -> QuerySet[Model]:
    """By primary key; texts byte by byte, as every database can."""
    is_text = isinstance(_value_of(model._meta.pk), CharField)
    return model._base_manager.order_by(byte_order("pk") if is_text else "pk")


def _selected(column: Any) -> Any:
    """Times and JSON as they are stored: to read them as Django does takes longer than all the rest of a row."""
    return Cast(column.attname, TextField()) if _is_stored_text(column) else column.attname


def _is_stored_text(column: Any) -> bool:
    return connection.vendor == "sqlite" and type(column) in STORED


def _encoder(column: Any, left_out: Collection[str]) -> EncodeColumn:
    target = _label(target_of(column))
    if target in {label for choice in left_out for label in CHOICES[choice]}:
        return lambda values: ["null"] * len(values)
    if target in NAMES:
        encoded = {number: encode_value(name) for number, name in names_of(target).items()}
        return column_encoder(lambda number: encoded.get(number, "null"))
    if _is_stored_text(column):
        return STORED[type(column)]
    return column_encoder(encoder_of(_value_of(column)))


def _value_of(column: Any) -> Any:
    """The field that says what the values of a column are: behind a foreign key its target's."""
    while (target := target_of(column)) is not None:
        column = target._meta.pk
    return column


def _label(model: type[Model] | None) -> str:
    return model._meta.label if model is not None else ""
