"""Sweeping, forgetting, telling: nothing of a visitor is overlooked."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from garden.csv_escaping import restore
from garden.models import Alarm, Consent, Visitor, Zone
from garden.privacy.export import held_of
from garden.privacy.retention import all_sweeps
from garden.tasks import sweep_retention
from garden.walls.audience import moods_of, note_mood
from recommend.models import Interaction, OutgoingEvent, Slate
from recommend.services.gardens import GardenRequest, recommend_garden
from tests.recommend.cast import interact, plant
from tests.support.factories import KioskFactory, VisitorFactory

pytestmark = pytest.mark.django_db
ANN = "ann-7f3a91"


def visit() -> None:
    images = plant(3)
    visitor = VisitorFactory(id=ANN)
    recommend_garden(request=GardenRequest(visitor_id=ANN, emotion="calm"))
    interact(ANN, images[0], *images)
    note_mood(Zone.objects.create(name="zone1", follows_audience=True), ANN, "calm")
    OutgoingEvent.objects.create(visitor=visitor, payload={"to": "tell"})


def reported(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_everything_that_is_held_is_reported(tmp_path: Path) -> None:
    visit()
    reported("export_visitor", ANN, str(tmp_path / "ann.zip"))
    with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
        everything = json.loads(archive.read("everything.json"))
        names = set(archive.namelist())
    assert {"visitor", "interactions", "slates", "outgoing events", "moods of a room"} <= set(everything)
    assert everything["learned of this visitor"][0]["weights"]
    assert everything["visitor"][0]["id"] == ANN
    assert {"README.txt", "visitor.csv", "interactions.csv"} <= names
    assert (tmp_path / "ann.zip").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "\n=1+1", "'=1+1", "-1"])
def test_it_exports_no_formula_and_every_cell_reads_back(tmp_path: Path, name: str) -> None:
    VisitorFactory(id=name)
    reported("export_visitor", "--", name, str(tmp_path / "folder"))
    with (tmp_path / "folder" / "visitor.csv").open(newline="", encoding="utf-8") as file:
        cell = next(csv.DictReader(file))["id"]
    assert (cell[0], restore(cell)) == ("'", name)


def test_whatever_points_at_a_visitor_is_found(tmp_path: Path) -> None:
    visit()
    pointing = {
        model._meta.verbose_name_plural
        for model in (Interaction, Slate, OutgoingEvent)
        for field in model._meta.concrete_fields
        if field.related_model is Visitor
    }
    assert pointing <= set(held_of(Visitor.objects.get(pk=ANN)))
    reported("export_visitor", ANN, str(tmp_path / "folder"))
    assert json.loads((tmp_path / "folder" / "everything.json").read_text(encoding="utf-8"))


def test_an_export_overwrites_nothing_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    visit()
    assert "everything.json" in reported("export_visitor", ANN, str(tmp_path / "x.zip"), "--dry-run")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CommandError, match="exists already"):
        reported("export_visitor", ANN, str(tmp_path))
    with pytest.raises(CommandError, match="No visitor has the id bob"):
        reported("export_visitor", "bob", str(tmp_path / "y"))


def test_nothing_names_a_visitor_who_was_forgotten() -> None:
    visit()
    assert "1 would be erased" in reported("forget_visitor", ANN, "--dry-run")
    assert Visitor.objects.count() == 1
    assert "1 erased" in reported("forget_visitor", ANN)
    kept = [row for model in (Visitor, Interaction, Slate, OutgoingEvent) for row in model.objects.all()]
    assert len(kept) == 3
    assert moods_of(ANN) == []
    assert ANN not in serializers.serialize("json", kept)
    with pytest.raises(CommandError, match="There is no visitor"):
        reported("forget_visitor", ANN)


UUID, SHOWN = "bfc150a5-07ad-45a0-87e8-435e8a21d6ee", "BFC1 50A5 07AD"


@pytest.mark.parametrize("number", [UUID, SHOWN, "bfc150a507ad", "bfc150a5-07ad"])
def test_a_visitor_is_found_by_the_number_that_was_shown(number: str, tmp_path: Path) -> None:
    VisitorFactory(id=UUID)
    VisitorFactory(id="bfc150a5-07ae-45a0-87e8-435e8a21d6ee")
    reported("export_visitor", number, str(tmp_path / "all.zip"))
    assert "1 erased" in reported("forget_visitor", number)
    assert list(Visitor.objects.values_list("pk", flat=True)) == ["bfc150a5-07ae-45a0-87e8-435e8a21d6ee"]


@pytest.mark.parametrize("number", [UUID, SHOWN])
def test_staff_find_a_visitor_in_the_admin_by_the_number_that_was_shown(client: Client, number: str) -> None:
    VisitorFactory(id=UUID)
    VisitorFactory(id=ANN)
    client.force_login(get_user_model().objects.create_superuser("keeper"))
    page = client.get(reverse("admin:garden_visitor_changelist"), {"q": number}).content.decode()
    assert UUID in page
    assert ANN not in page


def test_a_number_that_fits_two_visitors_deletes_neither(tmp_path: Path) -> None:
    VisitorFactory(id=UUID)
    VisitorFactory(id=f"{UUID[:-1]}f")
    with pytest.raises(CommandError, match="Several visitors match"):
        reported("forget_visitor", SHOWN)
    with pytest.raises(CommandError, match="Several visitors have the id"):
        reported("export_visitor", SHOWN, str(tmp_path / "x.zip"))
    assert Visitor.objects.count() == 2


def test_staffs_own_notes_forget_the_visitor_too(client: Client) -> None:
    from django.contrib.admin.models import LogEntry

    visit()
    client.force_login(get_user_model().objects.create_superuser("keeper"))
    client.post(reverse("admin:garden_visitor_delete", args=[ANN]), {"post": "yes"})
    assert ANN not in serializers.serialize("json", LogEntry.objects.all())


def test_the_sweeper_forgets_what_the_rules_say(settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    visit()
    long_ago = timezone.now() - timedelta(days=5_000)
    for model, field in ((Visitor, "last_seen_at"), (Slate, "created_at")):
        model._default_manager.update(**{field: long_ago})
    Consent.objects.create(pack="eu", notice="x", language="en", given_at=long_ago)
    Alarm.objects.create(kiosk=KioskFactory(), kind="silent", raised_at=long_ago, cleared_at=long_ago)
    due = {sweep.name: sweep.due() for sweep in all_sweeps()}
    assert {name for name, count in due.items() if count} == {
        "visitors",
        "kiosk logs",
        "consents",
        "slates",
    }
    assert "30 days" in reported("sweep_retention", "--dry-run")
    assert Visitor.objects.exists()
    assert sweep_retention()["visitors"] == 1
    assert not any(sweep.due() for sweep in all_sweeps())
    assert Interaction.objects.feedback().get().visitor is None


def test_who_comes_again_for_too_long_begins_anew(settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    visit()
    Interaction.objects.update(created_at=timezone.now() - timedelta(days=200))
    assert sweep_retention()["likes"] == 1
    assert not Visitor.objects.exists()
    assert Interaction.objects.feedback().count() == 1


def test_the_sites_own_settings_may_only_shorten(settings: Any) -> None:
    from garden.privacy.packs import PACKS, days_of
    from garden.privacy.retention import days_kept

    settings.VISITOR_RETENTION_DAYS = 7
    assert days_of(PACKS["eu"]).visitors == 7
    settings.VISITOR_RETENTION_DAYS = 700
    assert days_of(PACKS["eu"]).visitors == 30
    assert days_kept().visitors == 700
    KioskFactory(privacy_pack="strict")
    assert (days_kept().visitors, days_kept().consents) == (1, 5 * 365)
