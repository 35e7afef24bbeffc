"""Rows of the database as lines of JSON, the same from SQLite and PostgreSQL, and back again."""

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.core.serializers import python
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Field, ForeignKey, JSONField, Model
from django.db.models.functions import Collate
from django.utils.duration import duration_iso_string

from garden.backup.contents import backed_up_models, fields_of, labels_of, own_models, target_of
from garden.backup.places import DamagedError, RefusedBackupError
from garden.batches import batches
from garden.models import AuditEntry

if TYPE_CHECKING:
    from garden.backup.snapshot import BackupSnapshot

ReadRows = Callable[[str], Iterator[bytes]]
"""The lines of a model in the backup, by its label."""
ACCOUNTS: dict[str, type[Any]] = {"auth.Group": Group, "auth.User": User}
"""Known by their names, with what they may do: their numbers differ from site to site."""
_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_BATCH = 2_000


# Rows out


@contextmanager
def one_moment() -> Iterator[None]:
    """One transaction that sees no later change and blocks none."""
    if connection.in_atomic_block:  # It is one already.
        yield
        return
    connection.ensure_connection()
    mode = getattr(connection, "transaction_mode", None)
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # SQLite: others begin as writers.
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]


def dump(left_out: Collection[str] = ()) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every model's label and lines; accounts first, for other rows name them."""
    for label in ACCOUNTS:
        yield label, dump_accounts(label)
    for model in backed_up_models(left_out):
        yield model._meta.label, dump_rows(model, left_out)


def dump_rows(model: type[Model], left_out: Collection[str] = ()) -> Iterator[bytes]:
    """In the order of primary keys. Foreign keys to what was left out are missing, those to accounts are names."""
    gone = labels_of(left_out)
    fields = [field for field in fields_of(model) if target_of(field) not in gone]
    names = [field.name for field in fields]
    # Texts byte by byte, as every database can.
    order = Collate("pk", _BYTE_ORDER[connection.vendor]) if _is_text(model._meta.pk) else "pk"
    columns = [f"{field.name}__username" if target_of(field) == "auth.User" else field.attname for field in fields]
    for row in model._base_manager.order_by(order).values_list(*columns).iterator(chunk_size=_BATCH):
        yield _encode(dict(zip(names, row, strict=True)))


def dump_accounts(label: str) -> Iterator[bytes]:
    model = ACCOUNTS[label]
    many = [field.name for field in model._meta.many_to_many]
    rows = model._default_manager.order_by("pk").prefetch_related(
        *many, *(f"{name}__content_type" for name in many if name.endswith("permissions"))
    )
    serializer = python.Serializer()  # `serializers.serialize` would import those of XML and YAML as well.
    for row in serializer.serialize(rows, use_natural_foreign_keys=True, use_natural_primary_keys=True):
        yield _encode(row["fields"] | {name: sorted(row["fields"][name]) for name in many})


def _is_text(field: "Field[Any, Any]") -> bool:
    """Whether its values are texts; those of a foreign key are its target's."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return isinstance(field, CharField)


def _encode(row: dict[str, Any]) -> bytes:
    """Equal values are equal lines."""
    try:
        return orjson.dumps(row, default=_plain, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # Numbers beyond 64 bits and halves of surrogate pairs, within JSON.
        return json.dumps(row, default=_plain, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> str:
    """Other values as the fields' `to_python` reads them."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


# Rows here beside those of a backup


def differing_rows(snapshot: "BackupSnapshot") -> list[dict[str, Any]]:
    """Models whose rows here are others than the backup's, and how many each has.

    Of the audit log only as many lines are compared as the backup has: what was recorded later comes after them.
    """
    found = []
    for model in backed_up_models(snapshot.left_out):
        document = snapshot.rows[model._meta.label]
        digest, here = hashlib.sha256(), 0
        for line in dump_rows(model, snapshot.left_out):
            here += 1
            if model is not AuditEntry or here <= document.lines:
                digest.update(line + b"\n")
        if digest.hexdigest() != document.sha256:
            found.append({"model": model._meta.label, "here": here, "backup": document.lines})
    return found


def has_accounts(read: ReadRows) -> bool:
    """Whether every account and group of the backup is here, as it is there."""
    return all(set(read(label)) <= set(dump_accounts(label)) for label in ACCOUNTS)


# Rows in


def load(snapshot: "BackupSnapshot", read: ReadRows, *, only_accounts: bool = False) -> None:
    """All of the backup's rows in the place of those that are here, or none. Accounts that are more here stay.

    Raises DamagedError where they do not fit together, or are not as they were.
    """
    try:
        with transaction.atomic():
            for label in ACCOUNTS:
                _load_accounts(label, read(label))
            if not only_accounts:
                _replace_rows(snapshot, read)
            connection.check_constraints()
    except IntegrityError as error:
        raise DamagedError(f"The rows of the backup do not fit together: {error}") from error


def _replace_rows(snapshot: "BackupSnapshot", read: ReadRows) -> None:
    usernames = dict(User.objects.values_list("username", "pk"))
    with _audit_log_kept():
        empty_tables()
        for label in [label for label in snapshot.rows if label not in ACCOUNTS]:
            _load_rows(apps.get_model(label), read(label), usernames)
        _set_sequences()
    if other := [each["model"] for each in differing_rows(snapshot)]:
        raise DamagedError(f"These rows did not come back as they were: {', '.join(other)}.", models=other)


def empty_tables() -> None:
    """Of the project's models, also of those that no backup holds: what they say is of rows that are gone."""
    with connection.cursor() as cursor:
        for model in own_models():
            cursor.execute(f"DELETE FROM {_quote(model._meta.db_table)}")  # noqa: S608  # Our own models' tables.


def _load_accounts(label: str, lines: Iterable[bytes]) -> None:
    """Accounts and groups of the same name become these."""
    rows = ({"model": label, "fields": json.loads(line)} for line in lines)
    try:
        for account in python.Deserializer(rows):
            account.save()
    except DeserializationError as error:
        raise RefusedBackupError(f"Accounts of the backup do not fit this site: {error}") from error


def _load_rows(model: type[Model], lines: Iterable[bytes], usernames: dict[str, Any]) -> None:
    """As they were, with their numbers and times; no signal is sent."""
    fields = fields_of(model)
    columns = [(field.name, partial(_for_database, field, usernames)) for field in fields]
    names = ", ".join(_quote(str(field.column)) for field in fields)
    sql = f"INSERT INTO {_quote(model._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608  # Names of our own.
    with connection.cursor() as cursor:
        for batch in batches(lines, _BATCH):
            try:
                rows = [json.loads(line) for line in batch]
                values = [[prepare(row.get(name)) for name, prepare in columns] for row in rows]
            except (ValueError, KeyError, TypeError, ValidationError) as error:
                raise DamagedError(f"A row of {model._meta.label} cannot be read: {error!r}.") from error
            cursor.executemany(sql, values)


def _for_database(field: "Field[Any, Any]", usernames: dict[str, Any], value: Any) -> Any:
    if value is None and isinstance(field, JSONField) and not field.null:
        return field.get_db_prep_value(None, connection)  # The null of JSON.
    if value is not None and target_of(field) == "auth.User":
        return usernames[value]
    return field.get_db_prep_save(field.to_python(value), connection)


def _set_sequences() -> None:
    """The next row gets a number after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own_models()):
            cursor.execute(statement)


@contextmanager
def _audit_log_kept() -> Iterator[None]:
    """The audit log of this site is put after that of the backup: nothing that was recorded here is taken away."""
    log = _quote(AuditEntry._meta.db_table)
    columns = [_quote(str(field.column)) for field in AuditEntry._meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(columns)
    known = " AND ".join(f"known.{name} = kept.{name}" for name in columns if name != _quote("detail"))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept_audit_log AS SELECT * FROM {log}")  # noqa: S608  # Names of our own.
        yield
        cursor.execute(
            f"INSERT INTO {log} ({names}) SELECT {names} FROM kept_audit_log AS kept "  # noqa: S608  # Names of our own.
            f"WHERE NOT EXISTS (SELECT 1 FROM {log} AS known WHERE {known}) ORDER BY kept.id"
        )
        cursor.execute("DROP TABLE kept_audit_log")


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
