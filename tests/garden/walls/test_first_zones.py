"""The zones of a new site, and those that `ensure_zone NAME` makes."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from garden.models import Zone
from tests.garden.walls.walls import keys_on, landscapes
from tests.support.shell import Shell

pytestmark = pytest.mark.django_db
MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0, skip_checks=True)"
NAMES = "from garden.models import Zone; print(*Zone.objects.values_list('name', flat=True))"
DELETE = "from garden.models import Zone; Zone.objects.get(name='zone2').delete()"


def test_a_fresh_site_has_zones_1_to_3_and_what_an_operator_deletes_stays_deleted(tmp_path: Path) -> None:
    shell = Shell({**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(tmp_path)})
    shell.ask(MIGRATE)
    assert shell.ask(NAMES) == "zone1 zone2 zone3"
    shell.ask(DELETE)
    shell.ask(MIGRATE)
    assert shell.ask(NAMES) == "zone1 zone3"
    shell.close()


def test_the_command_makes_a_zone_that_shows_the_newest_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    landscapes(9)
    call_command("ensure_zone", "zone1", title="Hall")
    assert len(keys_on(Zone.objects.get(name="zone1", title="Hall"))) == 8
    assert "'zone1' created" in capsys.readouterr().out


def test_the_command_leaves_a_zone_of_this_name_alone() -> None:
    Zone.objects.create(name="zone1", title="Hall")
    call_command("ensure_zone", "zone1", title="Other")
    assert Zone.objects.get().title == "Hall"


def test_the_command_makes_nothing_in_a_dry_run(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ensure_zone", "zone1", "--dry-run")
    assert not Zone.objects.exists()
    assert "would be created" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["a/b", "_x", "x" * 51, "ä"])
def test_the_command_refuses_what_cannot_be_part_of_an_address(name: str) -> None:
    with pytest.raises(CommandError, match="not a name of a zone"):
        call_command("ensure_zone", name)
