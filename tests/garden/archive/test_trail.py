"""Every command is told in the audit trail before it runs, a restore too: it does not stand in its own way."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from garden.access.commands import tell_of_command
from garden.access.trail import record
from garden.models import AuditEntry, Image
from garden.models.audit import AuditKind
from tests.factories import ImageFactory
from tests.garden.archive import site

pytestmark = pytest.mark.django_db


def told(command: str, *arguments: str) -> dict[str, object]:
    """As `manage.py` runs it."""
    tell_of_command(command, arguments)
    code, report = site.run(command, *arguments)
    assert code == 0
    return dict(report)


def trail() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", "about"))


def test_it_restores_into_a_database_that_has_seen_commands_alone(target: str) -> None:
    site.furnish(site.plant())
    record(AuditKind.SIGNED_IN, User.objects.get())
    told("backup", target)
    before, files = trail(), site.files()
    site.wipe()
    tell_of_command("migrate", [])
    told("restore", target)
    assert trail() == [*before, ("command", "migrate"), ("command", "restore")]
    assert (Image.objects.count(), site.files()) == (len(site.KEYS), files)


def test_restoring_twice_adds_a_line_to_the_trail_and_nothing_else(target: str) -> None:
    site.furnish(site.plant())
    told("backup", target)
    site.wipe()
    told("restore", target)
    report = told("restore", target)
    assert (report["files_written"], report["rows_written"]) == (0, False)
    assert trail() == [("command", "backup"), ("command", "restore"), ("command", "restore")]


def test_what_was_done_here_stays_in_the_trail_when_a_backup_takes_the_place_of_the_rows(folder: Path) -> None:
    site.plant()
    told("backup", str(folder))
    record(AuditKind.KEY_REVOKED, "foyer")
    ImageFactory()
    told("restore", str(folder), "--replace")
    assert trail() == [("command", "backup"), ("key_revoked", "foyer"), ("command", "restore")]
    record(AuditKind.KEY_MADE, "foyer")
    assert trail()[-1] == ("key_made", "foyer")
