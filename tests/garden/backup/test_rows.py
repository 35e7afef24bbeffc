"""Rows come back as they were, from any database; the audit log of the site is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from garden.access.audit_log import record
from garden.access.commands import record_command
from garden.backup.contents import CHOICES, EXCEPTIONS, HARMLESS, backed_up_models, fields_of, target_of
from garden.backup.database import ACCOUNTS, dump_rows
from garden.models import AuditEntry, Image
from garden.models.audit import AuditKind
from tests.garden.backup import site
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db

OTHER_APPS = {
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
"""Models of other apps, and why no backup holds them."""
JSON: list[Any] = [
    {"b": 1, "a": [True, None, 1e-07]},
    "꽃",
    2**70,
    -(2**64),
    -0.0,
    [],
    {"é": {"z": 1, "y": "\u2028"}},
    {"seed": 4294967295, "guidance": 7.5},
    [0.0001, 0.00001, 1e15, 1e16, 1e22, 5e-324],
    {"\ud83d": "half of a letter"},
    '\x00\x1f\x7f"\\/\r\n',
    {"\ue000": 1, "\U00010000": 2, "a": 3},
]
TIMES = [
    "2023-03-20 12:12:42",
    "2023-03-20 12:12:42.000001",
    "2023-03-20 12:12:42.12",
    "2023-03-20T12:12:42.123456",
    "2023-03-20 12:12:42.123+00",
    "2023-03-20 12:12:42+09:00",
    "0999-03-20 12:12:42",
    "2023-03-20 12:12",
]


def labels(left_out: list[str] | None = None) -> set[str]:
    return {model._meta.label for model in backed_up_models(left_out or [])}


def test_every_model_is_backed_up_or_somebody_said_why_not() -> None:
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert every == labels() | set(ACCOUNTS) | set(EXCEPTIONS) | set(OTHER_APPS)
    assert not labels() & set(EXCEPTIONS)
    assert all(EXCEPTIONS.values())
    assert {label for chosen in CHOICES.values() for label in chosen} | HARMLESS <= labels()


@pytest.mark.parametrize("left_out", [["visitors"], ["interactions"], ["visitors", "interactions"]])
def test_what_cannot_stand_without_what_is_left_out_is_left_out_too(left_out: list[str]) -> None:
    gone = {label for choice in left_out for label in CHOICES[choice]}
    fields = [field for model in backed_up_models(left_out) for field in fields_of(model)]
    assert [field for field in fields if target_of(field) in gone and not field.null] == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL refuses some of these")
def test_json_comes_back_as_it_was(folder: Path) -> None:
    for number, value in enumerate(JSON):
        ImageFactory(key=f"emotions/calm/{number}_h.jpeg", parameters={"value": value})
    site.run("backup", str(folder))
    site.wipe()
    site.run("restore", str(folder))
    assert [image.parameters["value"] for image in Image.objects.order_by("pk")] == JSON
    assert site.run("restore", str(folder))[1]["rows_written"] is False


@pytest.mark.parametrize("written", TIMES)
def test_a_time_is_what_django_reads_however_it_was_written(written: str) -> None:
    image = ImageFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE garden_image SET created_at = %s, trashed_at = NULL WHERE id = %s", [written, image.pk])
    row = json.loads(next(dump_rows(Image)))
    assert (row["created_at"], row["trashed_at"]) == (Image.objects.get().created_at.isoformat(), None)


def reported(command: str, *arguments: str) -> dict[str, object]:
    """As `manage.py` runs it."""
    record_command(command, arguments)
    code, report = site.run(command, *arguments)
    assert code == 0
    return dict(report)


def audit_log() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", "about"))


def test_it_restores_into_a_database_that_has_seen_commands_alone(target: str) -> None:
    site.furnish(site.plant())
    record(AuditKind.SIGNED_IN, User.objects.get())
    reported("backup", target)
    before, files = audit_log(), site.files()
    site.wipe()
    record_command("migrate", [])
    reported("restore", target)
    assert audit_log() == [*before, ("command", "migrate"), ("command", "restore")]
    assert (Image.objects.count(), site.files()) == (len(site.KEYS), files)


def test_restoring_twice_adds_a_line_to_the_audit_log_and_nothing_else(target: str) -> None:
    site.furnish(site.plant())
    reported("backup", target)
    site.wipe()
    reported("restore", target)
    report = reported("restore", target)
    assert (report["files_written"], report["rows_written"]) == (0, False)
    assert audit_log() == [("command", "backup"), ("command", "restore"), ("command", "restore")]


def test_what_was_done_here_stays_in_the_audit_log_when_a_backup_takes_the_place_of_the_rows(folder: Path) -> None:
    site.plant()
    reported("backup", str(folder))
    record(AuditKind.KEY_REVOKED, "foyer")
    ImageFactory()
    reported("restore", str(folder), "--replace")
    assert audit_log() == [("command", "backup"), ("key_revoked", "foyer"), ("command", "restore")]
    record(AuditKind.KEY_MADE, "foyer")
    assert audit_log()[-1] == ("key_made", "foyer")
