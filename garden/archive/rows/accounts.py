"""Who may do what: groups and accounts, known by their names, with their permissions."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import Group, User

from garden.archive.errors import RefusedArchiveError
from garden.archive.rows.models import columns_of
from garden.archive.rows.naming import names_of, numbers_of
from garden.archive.rows.values import decode_value, encode_value

_COLUMNS = [column for column in columns_of(User) if not column.primary_key]


def dump_groups() -> Iterator[str]:
    permissions = names_of("auth.Permission")
    for group in Group.objects.order_by("name").prefetch_related("permissions"):
        may = sorted(permissions[each.pk] for each in group.permissions.all())
        yield encode_value({"name": group.name, "permissions": may})


def dump_users() -> Iterator[str]:
    permissions = names_of("auth.Permission")
    for user in User.objects.order_by("username").prefetch_related("groups", "user_permissions"):
        row = {column.attname: getattr(user, column.attname) for column in _COLUMNS}
        row["groups"] = sorted(group.name for group in user.groups.all())
        row["user_permissions"] = sorted(permissions[each.pk] for each in user.user_permissions.all())
        yield encode_value(row)


def load_groups(lines: Iterable[str]) -> None:
    """Groups of the same name get these permissions; others stay as they are."""
    for line in lines:
        told = json.loads(line)
        group, _ = Group.objects.get_or_create(name=told["name"])
        group.permissions.set(_permissions(told["permissions"]))


def load_users(lines: Iterable[str]) -> None:
    """Accounts of the same name become these; others stay, so that nobody is locked out."""
    groups = numbers_of("auth.Group")
    for line in lines:
        told = json.loads(line)
        values = {column.attname: decode_value(column, told[column.attname]) for column in _COLUMNS}
        user, _ = User.objects.update_or_create(username=values.pop("username"), defaults=values)
        user.groups.set([groups[(name,)] for name in told["groups"]])
        user.user_permissions.set(_permissions(told["user_permissions"]))


def same_accounts(lines: Iterable[str], present: Iterable[str]) -> bool:
    """Whether every line of the backup is among those that are here."""
    here = set(present)
    return all(line in here for line in lines)


def _permissions(names: list[list[str]]) -> list[Any]:
    numbers = numbers_of("auth.Permission")
    unknown = [name for name in names if tuple(name) not in numbers]
    if unknown:
        raise RefusedArchiveError("The backup names permissions that this site does not know.", unknown=unknown)
    return [numbers[tuple(name)] for name in names]
