"""Everything that is held of a visitor, for the visitor: one JSON with all of it, and a CSV of each table."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignObjectRel, Model
from django.utils import timezone

from garden.csv_escaping import defuse
from garden.models import Visitor
from garden.privacy.retention import notes_about
from garden.signals import visitor_asked
from garden.walls.audience import moods_of

Row = dict[str, Any]
Held = dict[str, list[Row]]

READ_ME = """What Emotion Garden holds of visitor {id}, on {moment}.

everything.json   all of it
*.csv             the same, one file for each kind of thing

No photo, no measurement of a face and nothing a face could be recognised by is held; there is none to export.
"""


def held_of(visitor: Visitor) -> Held:
    """By kind of thing, without kinds of which there is nothing. What points at a visitor is found by itself."""
    held = {"visitor": [_row(visitor)]}
    for relation in _relations():
        name = str(relation.related_model._meta.verbose_name_plural)
        held[name] = [_row(row) for row in _pointing(relation, visitor)]
    held["moods of a room"] = moods_of(visitor.pk)
    held["notes of staff"] = [_row(row) for row in notes_about(visitor.pk)]
    answers: list[tuple[Any, Any]] = visitor_asked.send(sender=Visitor, visitor=visitor)
    for _, found in answers:
        held |= found
    return {name: rows for name, rows in held.items() if rows}


def files_of(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Name and content of each file of the export."""
    held = held_of(visitor)
    moment = timezone.now().isoformat(timespec="seconds")
    yield "README.txt", READ_ME.format(id=visitor.pk, moment=moment)
    yield "everything.json", json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    for name, rows in held.items():
        yield f"{name.replace(' ', '_')}.csv", _as_csv(rows)


def _relations() -> list[ForeignObjectRel]:
    """Also those that have no name on the visitor's side."""
    fields = Visitor._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel) and not field.many_to_many]


def _pointing(relation: ForeignObjectRel, visitor: Visitor) -> Any:
    model = relation.related_model
    return model._base_manager.filter(**{relation.field.name: visitor}).order_by("pk")


def _row(row: Model) -> Row:
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}


def _as_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    """Lists as JSON."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else str(value)
    return defuse(value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder).strip('"'))
