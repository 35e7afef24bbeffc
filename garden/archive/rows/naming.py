"""Accounts, groups and permissions by their names: their numbers differ from site to site."""

from typing import Any

from django.apps import apps

NAMES = {
    "auth.User": ("username",),
    "auth.Group": ("name",),
    "auth.Permission": ("content_type__app_label", "content_type__model", "codename"),
    "contenttypes.ContentType": ("app_label", "model"),
}
Name = tuple[Any, ...]


def names_of(label: str) -> dict[Any, Name]:
    """Name by number. There are hundreds of them, not millions: they are read once."""
    rows = apps.get_model(label)._default_manager.values_list("pk", *NAMES[label])
    return {number: tuple(name) for number, *name in rows}


def numbers_of(label: str) -> dict[Name, Any]:
    return {name: number for number, name in names_of(label).items()}
