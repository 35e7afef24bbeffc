"""A garden with a row of everything, and what of it no stranger may read."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import CharField, Model, TextField, UUIDField
from PIL import Image as Pillow

from garden.models import Image
from generation.models import Canvas
from tests.curation.admin_rows import ROWS
from tests.faults.wandering.addresses import Hole
from tests.support.pictures import encode

_OF_STAFF = ("curation", "generation", "recommend", "auth", "authtoken")
_ALSO_OF_STAFF = ("garden.AuditEntry", "garden.Kiosk", "garden.KioskKey", "garden.Consent")
_UNGUESSABLE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHAPES = ("1", "2", "h", "v", "0", "calm", "happy", "thumb", "garden", "wall.js", "manifest.json", "csv")


@dataclass(frozen=True)
class Planted:
    rows: list[Model]

    def named(self, model: type[Model] | None) -> list[str]:
        """What rows of this model are called in an address."""
        return [str(row.pk) for row in self.rows if model and isinstance(row, model)]

    def fitting(self, hole: Hole) -> list[str]:
        return [value for value in self._values if hole.takes(value)]

    def of_shape(self, shape: str) -> list[str]:
        """Words for a field of JSON: `uuid`, or any."""
        return [value for value in self._values if shape != "uuid" or _UNGUESSABLE.fullmatch(value)]

    @cached_property
    def _values(self) -> list[str]:
        """In the order of the rows: names differ from run to run, what is asked should not."""
        values = [value for row in self.rows for value in (str(row.pk), *_words(row))]
        return [*dict.fromkeys((*_SHAPES, *(value for value in values if value and len(value) < 200)))]

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Words that nobody guesses, from rows of staff."""
        reported = {word for row in self.rows if _is_of_staff(row) for word in (str(row.pk), *_words(row))}
        return frozenset(word for word in reported if _UNGUESSABLE.search(word))


def plant() -> Planted:
    for make in ROWS.values():
        make()
    _give_files()
    return Planted([row for model in apps.get_models() for row in model._base_manager.order_by("pk")[:3]])


def _give_files() -> None:
    """To some: there are always rows whose file somebody took away."""
    for image in Image.objects.order_by("pk")[:20]:
        default_storage.save(image.key, ContentFile(_drawn(image.width, image.height)))
    for canvas in Canvas.objects.order_by("pk")[:2]:
        default_storage.save(canvas.file, ContentFile(_drawn(canvas.width, canvas.height)))


@lru_cache
def _drawn(width: int, height: int) -> bytes:
    return encode(Pillow.new("RGB", (width, height), "teal"))


def _is_of_staff(row: Model) -> bool:
    return row._meta.app_label in _OF_STAFF or row._meta.label in _ALSO_OF_STAFF


def _words(row: Model) -> list[str]:
    kinds = (CharField, TextField, UUIDField)
    return [str(getattr(row, field.name)) for field in row._meta.fields if isinstance(field, kinds)]


def columns_of(model: type[Model] | None) -> list[str]:
    return [field.name for field in model._meta.fields] if model else ["id", "name"]


def relations_of(model: type[Model] | None) -> list[str]:
    """Names that a list of the admin may be asked for, through up to two relations."""
    if model is None:
        return []
    keeper: Any = admin.site._registry.get(model)
    filters = [_name_of(each) for each in getattr(keeper, "list_filter", ())]
    own = [field.name for field in model._meta.get_fields()]
    across = [
        f"{field.name}__{other.name}"
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not isinstance(field.related_model, str)
        for other in field.related_model._meta.get_fields()
    ]
    return [str(each) for each in (*filters, *own, *across)]


def _name_of(filtering: Any) -> str:
    """What a filter is called in an address: a field, a field with its class, or a class of its own."""
    if isinstance(filtering, str):
        return filtering
    return str(filtering[0] if isinstance(filtering, tuple) else filtering.parameter_name)
