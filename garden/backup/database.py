"""Rows of the database as lines of JSON, the same from SQLite and PostgreSQL, and back again."""

import base64
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import CharField, DateTimeField, Field, ForeignKey, JSONField, Model, TextField
from django.db.models.functions import Cast, Collate
from django.utils.duration import duration_iso_string

from garden.backup.files import batches
from garden.backup.repository import DamagedError, RefusedBackupError
from garden.models import AuditEntry

if TYPE_CHECKING:
    from garden.backup.snapshot import Snapshot

ReadRows = Callable[[str], Iterator[bytes]]
"""The lines of a model in the backup, by its label."""
ACCOUNTS: dict[str, type[Any]] = {"auth.Group": Group, "auth.User": User}
"""Known by their names, with what they may do: their numbers differ from site to site."""
CHOICES = {"visitors": ("garden.Visitor",), "interactions": ("recommend.Interaction", "recommend.Slate")}
"""What a backup can leave out."""
EXCEPTIONS = {
    "garden.Thumbnail": "small copies are made again",
    "garden.ImageFile": "what a file was in the storage it came from; sync_storage reads it again",
    "garden.DeviceHealth": "what devices reported last; they report again",
    "generation.Worker": "who is at work at this moment",
    "admin.LogEntry": "the admin's own notes; acts and decisions are the history",
    "auth.Permission": "made by migrate",
    "auth.Group_permissions": "within each group",
    "auth.User_groups": "within each account",
    "auth.User_user_permissions": "within each account",
    "authtoken.Token": "a secret in plain text: made again",
    "authtoken.TokenProxy": "a secret in plain text: made again",
    "axes.AccessAttempt": "wrong passwords of the last minutes",
    "axes.AccessAttemptExpiration": "when those are forgotten",
    "axes.AccessFailureLog": "not kept: the audit log has it",
    "axes.AccessLog": "not kept: the audit log has it",
    "otp_static.StaticDevice": "set up again at the next sign-in",
    "otp_static.StaticToken": "set up again at the next sign-in",
    "otp_totp.TOTPDevice": "a secret in plain text: set up again at the next sign-in",
    "contenttypes.ContentType": "made by migrate",
    "rest_framework_api_key.APIKey": "not used: kiosks have keys of their own",
    "sessions.Session": "everyone signs in again",
}
"""Models that no backup holds, and why."""
HARMLESS = {
    "curation.Garden",
    "garden.AuditEntry",
    "garden.Zone",
    "generation.CreditPlan",
    "generation.PromptTemplate",
    "generation.TagWord",
    "recommend.Ledger",
}
"""Rows of these are written by migrations and commands: they do not make a site that somebody uses."""
_STORED: dict[type[Any], Callable[[str], Any]] = {DateTimeField: datetime.fromisoformat, JSONField: json.loads}
"""How texts of SQLite are read, times in UTC: Django's converters take as long as all the rest of a row."""
_BYTE_ORDER = {"sqlite": "BINARY", "postgresql": "C"}
_BATCH = 2_000


# Which models


def own_models() -> list[type[Model]]:
    """Every model with a table of the project's apps, also those that no backup holds, ordered by name."""
    configs = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    found = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return sorted((each for each in found if _has_table(each)), key=lambda model: model._meta.label)


def backed_up_models(left_out: Collection[str] = ()) -> list[type[Model]]:
    """Without what was left out by choice, and without what cannot stand without it."""
    gone = _labels_of(left_out)
    models = [model for model in own_models() if model._meta.label not in EXCEPTIONS]
    while falling := [model for model in models if model._meta.label in gone or _needs(model, gone)]:
        gone |= {model._meta.label for model in falling}
        models = [model for model in models if model not in falling]
    return models


def _labels_of(left_out: Collection[str]) -> set[str]:
    return {label for choice in left_out for label in CHOICES[choice]}


def _has_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and not model._meta.swapped


def _needs(model: type[Model], gone: Collection[str]) -> bool:
    return any(_target(field) in gone and not field.null for field in _fields(model))


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _target(field: "Field[Any, Any]") -> str:
    """The label of the model that a foreign key points to; empty for any other field."""
    model = field.related_model
    return model._meta.label if isinstance(model, type) else ""


# Rows out


@contextmanager
def one_moment() -> Iterator[None]:
    """One transaction that sees no later change of anybody, and keeps nobody from making them."""
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
    gone = _labels_of(left_out)
    fields = [field for field in _fields(model) if _target(field) not in gone]
    names = [field.name for field in fields]
    stored = [(position, _STORED[type(field)]) for position, field in enumerate(fields) if _is_stored_text(field)]
    # Texts byte by byte, as every database can.
    order = Collate("pk", _BYTE_ORDER[connection.vendor]) if _is_text(model._meta.pk) else "pk"
    rows = model._base_manager.order_by(order).values_list(*map(_selected, fields))
    for row in rows.iterator(chunk_size=_BATCH):
        values = list(row)
        for position, read in stored:
            if values[position] is not None:
                values[position] = read(values[position])
        yield _encode(dict(zip(names, values, strict=True)))


def dump_accounts(label: str) -> Iterator[bytes]:
    model = ACCOUNTS[label]
    many = [field.name for field in model._meta.many_to_many]
    rows = model._default_manager.order_by("pk").prefetch_related(
        *many, *(f"{name}__content_type" for name in many if name.endswith("permissions"))
    )
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    for row in serializers.serialize("python", rows, **natural):
        yield _encode(row["fields"] | {name: sorted(row["fields"][name]) for name in many})


def _selected(field: "Field[Any, Any]") -> Any:
    if _is_stored_text(field):
        return Cast(field.attname, TextField())
    return f"{field.name}__username" if _target(field) == "auth.User" else field.attname


def _is_stored_text(field: "Field[Any, Any]") -> bool:
    return connection.vendor == "sqlite" and type(field) in _STORED


def _is_text(field: "Field[Any, Any]") -> bool:
    """Whether its values are texts; those of a foreign key are its target's."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return isinstance(field, CharField)


def _encode(row: dict[str, Any]) -> bytes:
    """Equal values are equal lines."""
    try:
        return orjson.dumps(row, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC)
    except TypeError:  # Numbers beyond 64 bits and halves of surrogate pairs, within JSON.
        return json.dumps(row, default=_plain, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> str:
    """Other values as the fields' `to_python` reads them."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, datetime) and value.tzinfo is None:  # SQLite keeps UTC.
        value = value.replace(tzinfo=UTC)
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


# Rows here beside those of a backup


def differing_rows(snapshot: "Snapshot") -> dict[str, dict[str, int]]:
    """Models whose rows here are others than the backup's, and how many each has.

    Of the audit log only as many lines are compared as the backup has: what was recorded later comes after them.
    """
    found = {}
    for model in backed_up_models(snapshot.left_out):
        document = snapshot.rows[model._meta.label]
        digest, here = hashlib.sha256(), 0
        for line in dump_rows(model, snapshot.left_out):
            here += 1
            if model is not AuditEntry or here <= document.lines:
                digest.update(line + b"\n")
        if digest.hexdigest() != document.sha256:
            found[model._meta.label] = {"here": here, "backup": document.lines}
    return found


def in_the_way(differing: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Of those, the models whose rows a restore would take away from somebody."""
    return {label: counts for label, counts in differing.items() if counts["here"] and label not in HARMLESS}


def has_accounts(read: ReadRows) -> bool:
    """Whether every account and group of the backup is here, as it is there."""
    return all(set(read(label)) <= set(dump_accounts(label)) for label in ACCOUNTS)


# Rows in


def load(snapshot: "Snapshot", read: ReadRows, *, only_accounts: bool = False) -> None:
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


def _replace_rows(snapshot: "Snapshot", read: ReadRows) -> None:
    usernames = dict(User.objects.values_list("username", "pk"))
    with _audit_log_kept():
        empty_tables()
        for label in [label for label in snapshot.rows if label not in ACCOUNTS]:
            _load_rows(apps.get_model(label), read(label), usernames)
        _set_sequences()
    if other := sorted(differing_rows(snapshot)):
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
        for account in serializers.deserialize("python", rows):
            account.save()
    except serializers.base.DeserializationError as error:
        raise RefusedBackupError(f"Accounts of the backup do not fit this site: {error}") from error


def _load_rows(model: type[Model], lines: Iterable[bytes], usernames: dict[str, Any]) -> None:
    """As they were, with their numbers and times; no signal is sent."""
    fields = _fields(model)
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
    if value is not None and _target(field) == "auth.User":
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


# Rows fit the tables that they came from: the same migrations


def applied_migrations() -> dict[str, list[str]]:
    """Names by app, of the project's apps."""
    own = sorted({model._meta.app_label for model in own_models()})
    applied = MigrationRecorder(connection).applied_migrations()
    return {app: sorted(name for label, name in applied if label == app) for app in own}


def refuse_other_version(made_with: dict[str, list[str]]) -> None:
    """Raises RefusedBackupError that names the apps and migrations."""
    here = applied_migrations()
    differences = [
        f"{app}: the backup is at {_newest(made_with, app)}, this site at {_newest(here, app)}"
        for app in sorted(made_with | here)
        if made_with.get(app, []) != here.get(app, [])
    ]
    if differences:
        raise RefusedBackupError(
            "The backup was made by another version. Restore it with the version that made it, then migrate "
            f"({'; '.join(differences)}).",
            migrations=differences,
        )


def refuse_unmigrated() -> None:
    """Raises RefusedBackupError where tables are behind the program."""
    loader = MigrationLoader(connection)
    missing = sorted(f"{app}.{name}" for app, name in set(loader.disk_migrations) - set(loader.applied_migrations))
    if missing:
        raise RefusedBackupError(f"Run migrate first: {', '.join(missing)}.", migrations=missing)


def _newest(migrations: dict[str, list[str]], app: str) -> str:
    return (migrations.get(app) or ["nothing"])[-1]
