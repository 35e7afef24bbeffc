"""`ensure_zone NAME`: walls from the first minute on."""

import pytest
from django.core.management import CommandError, call_command

from garden.models import Zone
from tests.garden.walls.walls import keys_on, landscapes

pytestmark = pytest.mark.django_db


def test_it_makes_a_zone_that_shows_the_newest_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    landscapes(9)
    call_command("ensure_zone", "zone1", title="Hall")
    assert len(keys_on(Zone.objects.get(name="zone1", title="Hall"))) == 8
    assert "'zone1' made" in capsys.readouterr().out


def test_it_leaves_a_zone_of_this_name_alone() -> None:
    Zone.objects.create(name="zone1", title="Hall")
    call_command("ensure_zone", "zone1", title="Other")
    assert Zone.objects.get().title == "Hall"


def test_it_only_says_so_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ensure_zone", "zone1", "--dry-run")
    assert not Zone.objects.exists()
    assert "would be made" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["", "a/b", "_x", "x" * 51, "ä"])
def test_it_refuses_what_cannot_be_part_of_an_address(name: str) -> None:
    with pytest.raises(CommandError, match="not a name of a zone"):
        call_command("ensure_zone", name)
