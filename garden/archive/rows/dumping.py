"""Rows out, as lines, in the order of their primary keys."""

import json
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Collate

from garden.archive.rows.models import CHOICES, columns_of, name_of, target_of
from garden.archive.rows.naming import NAMES, names_of
from garden.archive.rows.values import encode_value, encoder_of

_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_BATCH = 2_000
Encode = Callable[[Any], str]


def dump_rows(model: type[Model], left_out: Collection[str] = ()) -> Iterator[str]:
    """Lines of all rows. Foreign keys to what was left out are null, those to accounts are names."""
    columns = sorted(columns_of(model), key=name_of)
    encoders = [_encoder(column, left_out) for column in columns]
    line = "{" + ",".join(f"{json.dumps(name_of(column))}:%s" for column in columns) + "}"
    rows = _in_order(model).values_list(*(column.attname for column in columns)).iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        # Column by column: a call for every row and none for every value.
        values = [map(encode, column) for encode, column in zip(encoders, zip(*batch, strict=True), strict=True)]
        yield from map(line.__mod__, zip(*values, strict=True))


def byte_order(name: str) -> Collate:
    """Texts in the order in which storages list keys, on every database."""
    return Collate(name, _BYTE_ORDER[connection.vendor])


def _in_order(model: type[Model]) -> QuerySet[Model]:
    """By primary key; texts byte by byte, as every database can."""
    is_text = isinstance(_value_of(model._meta.pk), CharField)
    return model._base_manager.order_by(byte_order("pk") if is_text else "pk")


def _encoder(column: Any, left_out: Collection[str]) -> Encode:
    target = _label(target_of(column))
    if target in {label for choice in left_out for label in CHOICES[choice]}:
        return lambda _: "null"
    if target in NAMES:
        encoded = {number: encode_value(name) for number, name in names_of(target).items()}
        return lambda number: encoded.get(number, "null")
    return encoder_of(_value_of(column))


def _value_of(column: Any) -> Any:
    """The field that says what the values of a column are: behind a foreign key its target's."""
    while (target := target_of(column)) is not None:
        column = target._meta.pk
    return column


def _label(model: type[Model] | None) -> str:
    return model._meta.label if model is not None else ""
