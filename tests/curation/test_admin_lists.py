"""Every model has a list in the admin, in a section of the page of data, and for the groups that work with it."""

import re
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.admin_site import SECTIONS
from curation.models import Garden
from curation.services.votes import NewDecision, decide
from garden.admin.base import ExportAdmin
from garden.models import AuditEntry, KioskKey, ProcessingHead, Webhook
from generation.models import Canvas
from recommend.models import Coverage, DailyTally, Description, Ledger, Snapshot
from tests.curation.admin_rows import ROWS
from tests.curation.cast import member
from tests.support.factories import ImageFactory
from tests.support.pictures import coffee

pytestmark = pytest.mark.django_db

admin.autodiscover()
FIXED = {
    Garden: "eight rows, made by a migration",
    DailyTally: "the dashboard stands in the place of its list",
}
"""Lists that never grow."""
LEARNED = "numbers and bytes of the recommender, which nobody reads"
UNLISTED = {
    Coverage: "the dashboard says it in a sentence",
    Ledger: LEARNED,
    Description: LEARNED,
    Snapshot: LEARNED,
    ProcessingHead: "the end of the record's chain, which `verify_processing_record` reads",
}
UNEXPORTED: dict[type[Model], str] = {
    KioskKey: "hashes of keys stay where they are, and a key that is written down is not secret",
    Webhook: "so are secrets of webhooks",
}
APPS = ("garden", "generation", "recommend", "curation")


def address(model: type[Model], page: str = "changelist", *row: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=row)


def changelist(listed: admin.ModelAdmin[Any], reader: User, query: str) -> ChangeList:
    """The list with its rows read, without the page, which costs ten times as much."""
    request = RequestFactory().get("/" + query)
    request.user = reader
    found = listed.get_changelist_instance(request)
    list(found.result_list)
    return found


def filters(listed: admin.ModelAdmin[Any], reader: User) -> list[str]:
    """The first two choices of every filter after "all"; the others take the same way."""
    whole = changelist(listed, reader, "")
    return [str(choice["query_string"]) for spec in whole.filter_specs for choice in list(spec.choices(whole))[1:3]]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_it_has_an_admin_for_every_model() -> None:
    models = {model for app in APPS for model in apps.get_app_config(app).get_models()}
    unlisted = {model for model in models if model not in admin.site._registry}
    assert unlisted <= UNLISTED.keys(), "register it in the app's admin, and add a maker to admin_rows.py"


def test_no_exception_is_kept_without_need() -> None:
    registered = admin.site._registry
    assert not UNLISTED.keys() & registered.keys()
    assert FIXED.keys() | UNEXPORTED.keys() <= registered.keys()


def test_its_rows_can_be_searched_filtered_opened_and_exported_and_more_of_them_need_no_more_queries(
    admin_client: Client, admin_user: User, subtests: pytest.Subtests
) -> None:
    ContentType.objects.get_for_models(*admin.site._registry)
    admin_client.get("/admin/")
    for model, listed in admin.site._registry.items():
        if model is DailyTally:
            continue
        with subtests.test(model.__name__):
            rows = [] if model in FIXED else [ROWS[model]() for _ in range(2)]
            changelist(listed, admin_user, "?q=x")
            if rows:
                few = queries_of(admin_client, address(model))
                rows += [ROWS[model]() for _ in range(3)]
                assert queries_of(admin_client, address(model)) <= few
            if model._meta.app_label not in APPS:
                continue
            assert listed.search_fields
            assert isinstance(listed, ExportAdmin) is (model not in UNEXPORTED), UNEXPORTED.get(model)
            if model not in UNEXPORTED:
                assert admin_client.get(address(model, "export")).status_code == 200
            if rows:
                assert listed.list_filter
                assert admin_client.get(address(model, "change", rows[0].pk)).status_code == 200
                for query in filters(listed, admin_user):
                    changelist(listed, admin_user, query)


def test_a_blind_vote_is_in_nobodys_list_before_the_picture_has_them_all(client: Client, settings: Any) -> None:
    settings.CURATION_VOTES_NEEDED = 2
    ann, ben = member("curator", "ann"), member("curator", "ben")
    image = ImageFactory.create(key="imgPool/calm/a_0h.jpeg", published_at=None).pk
    chosen = {"format": 0, "decisionresource_verdict": "on"}

    def learns(reader: User) -> tuple[bool, bool]:
        client.force_login(reader)
        listed = client.get("/admin/curation/decision/").context["cl"].result_count
        exported = client.post("/admin/curation/decision/export/", chosen).content
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


admin.autodiscover()
CAPTION = re.compile(r"<caption>\s*(.*?)\s*</caption>", re.DOTALL)


def captions(client: Client, language: str = "en") -> list[str]:
    page = client.get("/admin/data/", headers={"Accept-Language": language}).content.decode()
    return CAPTION.findall(page[page.index('id="content"') :])


def listed(user: Any) -> list[str]:
    request = RequestFactory().get("/admin/")
    request.user = user
    sections = admin.site.get_app_list(request)
    return [entry["model"]._meta.label for section in sections for entry in section["models"]]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("en", "Pictures and review", "Operations"), ("ko", "그림과 검토", "운영"), ("ja", "絵と確認", "運用")],
)
def test_the_page_of_data_has_six_sections_in_the_reader_s_language(
    admin_client: Client, language: str, first: str, last: str
) -> None:
    found = captions(admin_client, language)
    assert (len(found), found[0], found[-1]) == (6, first, last)


def test_every_model_of_the_admin_stands_in_one_section() -> None:
    listed_labels = [label for section in SECTIONS for label in section.models]
    assert sorted(listed_labels) == sorted(model._meta.label for model in admin.site._registry)


def test_a_reader_finds_what_they_may_open_and_nothing_else() -> None:
    curator = member("curator", "cora")
    found = listed(curator)
    request = RequestFactory().get("/admin/")
    request.user = curator
    may = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if True in page.get_model_perms(request).values()
    ]
    assert sorted(found) == sorted(may)
    assert "auth.User" not in found


def test_a_section_without_anything_to_open_is_left_out(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("nobody", is_staff=True))
    assert captions(client) == []
    assert "permission" in client.get("/admin/data/").content.decode()


@pytest.mark.django_db
def test_it_sets_the_permissions_of_each_group_after_every_migrate() -> None:
    before = _granted()
    assert {"viewer", "curator", "publisher", "operator"} == before.keys()
    Group.objects.get(name="viewer").delete()
    Group.objects.get(name="curator").permissions.clear()
    Group.objects.get(name="publisher").permissions.add(Permission.objects.get(codename="delete_visitor"))
    call_command("migrate", verbosity=0)
    assert _granted() == before


@pytest.mark.django_db
def test_it_leaves_groups_of_the_site_alone() -> None:
    own = Group.objects.create(name="guides")
    own.permissions.add(Permission.objects.get(codename="view_visitor"))
    call_command("migrate", verbosity=0)
    assert own.permissions.count() == 1


def _granted() -> dict[str, set[str]]:
    return {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }


OF_VISITORS = ["visitor", "consent", "processingentry", "souvenirlink"]
OF_VISITORS += ["interaction", "slate", "outgoingevent"]
OF_OPERATORS = {*OF_VISITORS, "kioskkey", "webhook", "webhookdelivery"}
UNSEEN = {
    "viewer": OF_OPERATORS | {"creditaccount", "creditcharge"},
    "curator": OF_OPERATORS,
    "publisher": OF_OPERATORS,
    "operator": set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("group", UNSEEN)
def test_it_shows_each_group_the_lists_of_its_work_and_visitors_to_operators_alone(
    rf: RequestFactory, group: str
) -> None:
    admin.autodiscover()
    request = rf.get("/")
    request.user = member(group)
    ours = [model for model in admin.site._registry if model._meta.app_label in APPS and model is not AuditEntry]
    refused = {model._meta.model_name for model in ours if not admin.site._registry[model].has_view_permission(request)}
    assert refused == UNSEEN[group]


@pytest.mark.django_db
@pytest.mark.parametrize("group", UNSEEN)
def test_operators_alone_end_souvenirs_and_send_events_again(group: str) -> None:
    rights = ["garden.delete_souvenirlink", "recommend.change_outgoingevent"]
    user = member(group)
    assert {user.has_perm(right) for right in rights} == {group == "operator"}
