"""Every model has a list in the admin that can be searched, filtered and exported, and asks no more for more rows."""

import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.models import Garden
from curation.services import NewDecision, decide
from garden.admin.base import ExportAdmin
from garden.models import ImageFile, KioskKey, ProcessingHead
from generation.models import Canvas
from recommend.models import DailyTally, Description, Ledger, Snapshot
from tests.curation.admin_rows import ROWS
from tests.curation.cast import member
from tests.factories import ImageFactory
from tests.pictures import coffee

pytestmark = pytest.mark.django_db
admin.autodiscover()
FIXED = {
    Garden: "eight rows, made by a migration",
    DailyTally: "the dashboard stands in the place of its list",
}
"""Lists that never grow."""
LEARNED = "numbers and bytes of the recommender, which nobody reads"
UNLISTED = {
    Ledger: LEARNED,
    Description: LEARNED,
    Snapshot: LEARNED,
    ImageFile: "what `sync_storage` knows of each file",
    ProcessingHead: "the end of the record's chain, which `verify_processing_record` reads",
}
UNEXPORTED = {KioskKey: "hashes of keys stay where they are, and a key that is written down is not secret"}
APPS = ("garden", "generation", "recommend", "curation")
LISTED = [model for model in admin.site._registry if model not in FIXED]
OURS = [
    model
    for model in admin.site._registry
    if model.__module__.split(".")[0] not in ("django", "rest_framework") and model is not DailyTally
]

GROWING = [model for model in OURS if model not in FIXED]


def address(model: type[Model], page: str = "changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("app", APPS)
def test_it_has_an_admin_for_every_model(app: str) -> None:
    unlisted = {model for model in apps.get_app_config(app).get_models() if model not in admin.site._registry}
    assert unlisted <= UNLISTED.keys(), "register it in the app's admin, and add a maker to admin_rows.py"


def test_no_exception_is_kept_without_need() -> None:
    registered = admin.site._registry
    assert not UNLISTED.keys() & registered.keys()
    assert FIXED.keys() | UNEXPORTED.keys() <= registered.keys()


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_it_asks_no_more_for_twelve_rows_than_for_two(admin_client: Client, model: type[Model]) -> None:
    for _ in range(2):
        ROWS[model]()
    admin_client.get(address(model))
    few = queries_of(admin_client, address(model))
    for _ in range(10):
        ROWS[model]()
    assert queries_of(admin_client, address(model)) <= few


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_it_can_be_searched(admin_client: Client, model: type[Model]) -> None:
    assert admin.site._registry[model].search_fields
    assert admin_client.get(address(model), {"q": "x"}).status_code == 200


@pytest.mark.parametrize("model", GROWING, ids=lambda model: model.__name__)
def test_it_can_be_filtered(admin_client: Client, model: type[Model]) -> None:
    assert admin.site._registry[model].list_filter
    ROWS[model]()
    listed = admin_client.get(address(model)).context["cl"]
    for spec in listed.filter_specs:
        for choice in list(spec.choices(listed))[1:]:
            assert admin_client.get(address(model) + choice["query_string"]).status_code == 200


@pytest.mark.parametrize("model", GROWING, ids=lambda model: model.__name__)
def test_a_row_of_it_can_be_opened(admin_client: Client, model: type[Model]) -> None:
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[ROWS[model]().pk])
    assert admin_client.get(page).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_it_can_be_exported(admin_client: Client, model: type[Model]) -> None:
    if model in UNEXPORTED:
        assert not isinstance(admin.site._registry[model], ExportAdmin), UNEXPORTED[model]
        return
    assert isinstance(admin.site._registry[model], ExportAdmin)
    assert admin_client.get(address(model, "export")).status_code == 200


@pytest.mark.parametrize("ledger", ["vote", "decision"])
def test_a_blind_vote_is_in_nobodys_list_before_the_picture_has_them_all(
    client: Client, settings: Any, ledger: str
) -> None:
    settings.CURATION_VOTES_NEEDED = 2
    ann, ben = member("curator", "ann"), member("curator", "ben")
    image = ImageFactory.create(key="imgPool/calm/a_0h.jpeg", published_at=None).pk
    chosen = {"format": 0, f"{ledger}resource_verdict": "on"}

    def learns(reader: User) -> tuple[bool, bool]:
        client.force_login(reader)
        listed = client.get(f"/admin/curation/{ledger}/").context["cl"].result_count
        exported = client.post(f"/admin/curation/{ledger}/export/", chosen).content
        return bool(listed), b"dislike" in exported

    decide(by=ann, decisions=[NewDecision(uuid.uuid4(), image, "dislike")])
    assert [learns(ann), learns(ben)] == [(True, True), (False, False)]
    decide(by=ben, decisions=[NewDecision(uuid.uuid4(), image, "like")])
    assert learns(ben) == (True, True)


def test_the_list_of_canvases_shows_pictures_that_a_viewer_can_load(client: Client) -> None:
    canvas = Canvas.objects.get(pk=ROWS[Canvas]().pk)
    default_storage.save(canvas.file, ContentFile(coffee()))
    client.force_login(member("viewer"))
    page = client.get(address(Canvas)).content.decode()
    found = re.search(r'<img src="([^"]+)" alt="" height="72"', page)
    assert found
    assert client.get(found[1])["Content-Type"].startswith("image/")
