"""Whatever staff did is in the audit log: who, when, what, from where; and nothing changes it afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from curation.services.operations import begin_operation
from garden.access.commands import RecordingUtility, without_secrets
from garden.access.kiosk_keys import make_key, revoke_key
from garden.admin.base import AuditedAdmin
from garden.models import AuditEntry, Kiosk
from garden.models.audit import AuditKind
from garden.tasks import sweep_retention
from tests.curation.cast import member, pool
from tests.garden.access.people import shown_on_phone, sign_in, staff_member, with_phone
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
admin.autodiscover()


def kinds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))


def last() -> AuditEntry:
    return AuditEntry.objects.order_by("pk").last()  # type: ignore[return-value]


@pytest.fixture
def ann(client: Client) -> User:
    return staff_member("ann")


@pytest.fixture
def signed_in(client: Client, ann: User) -> Client:
    sign_in(client, REMOTE_ADDR="192.0.2.7")
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    AuditEntry.objects.all().delete()
    return client


def test_it_has_sign_ins_refusals_and_sign_outs(client: Client, ann: User) -> None:
    with_phone(ann)
    sign_in(client, password="wrong", REMOTE_ADDR="192.0.2.7")
    sign_in(client, REMOTE_ADDR="192.0.2.7")
    client.post("/admin/second-factor/", {"code": "000000"} if shown_on_phone(ann) != "000000" else {"code": "111111"})
    client.post("/admin/second-factor/leave/")
    assert kinds() == ["sign_in_refused", "signed_in", "factor_refused", "signed_out"]
    assert set(AuditEntry.objects.values_list("who", flat=True)) == {"ann"}
    assert AuditEntry.objects.order_by("pk")[0].address == "192.0.2.7"


def test_it_has_who_was_locked_out(client: Client, ann: User, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        sign_in(client, password="wrong")
    assert AuditKind.LOCKED_OUT in kinds()


def test_guessing_does_not_fill_it(client: Client, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("garden.access.audit_log.MOST_REFUSALS", 3)
    for n in range(6):
        sign_in(client, name=f"name {n}", password="wrong")
    assert kinds() == ["sign_in_refused"] * 3


def test_it_has_what_was_added_changed_and_deleted(signed_in: Client) -> None:
    asked = {"name": "Hall", "is_active": "on", "reader": "server"}
    signed_in.post("/admin/garden/kiosk/add/", asked)
    kiosk = Kiosk.objects.get()
    signed_in.post(f"/admin/garden/kiosk/{kiosk.pk}/change/", {**asked, "name": "Stairs"})
    signed_in.post(f"/admin/garden/kiosk/{kiosk.pk}/delete/", {"post": "yes"})
    assert kinds() == ["added", "changed", "deleted"]
    assert last().about == f"garden.kiosk {kiosk.pk}: Stairs"
    assert {(entry.who, entry.address) for entry in AuditEntry.objects.all()} == {("ann", "192.0.2.7")}


def test_it_has_each_of_many_that_were_deleted_together(signed_in: Client) -> None:
    chosen = [KioskFactory().pk for _ in range(3)]
    signed_in.post("/admin/garden/kiosk/", {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert kinds() == ["deleted"] * 3


def test_every_list_of_the_admin_records_deletions() -> None:
    silent = [model for model, pages in admin.site._registry.items() if not isinstance(pages, AuditedAdmin)]
    assert [model.__name__ for model in silent if model.__name__ != "TokenProxy"] == []


def test_it_has_changes_of_people_and_groups(signed_in: Client) -> None:
    ben = member("curator", "ben")
    signed_in.post("/admin/auth/group/add/", {"name": "guides"})
    change = {"username": "ben", "is_active": "on", "is_staff": "on", "groups": [Group.objects.get(name="guides").pk]}
    moments = {"last_login_0": "", "last_login_1": "", "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    signed_in.post(f"/admin/auth/user/{ben.pk}/change/", {**change, **moments})
    signed_in.post(
        f"/admin/auth/user/{ben.pk}/password/",
        {"password1": "a long new password", "password2": "a long new password", "usable_password": "true"},
    )
    assert kinds() == ["added", "changed", "changed"]
    assert "a long new password" not in str(list(AuditEntry.objects.values_list()))


def test_it_has_exports(signed_in: Client) -> None:
    KioskFactory()
    signed_in.post("/admin/garden/kiosk/export/", {"format": 0, "kioskresource_name": "on"})
    assert (last().kind, last().about, last().detail) == ("exported", "garden.kiosk", {"rows": 1, "format": "csv"})


def test_it_has_acts_on_pictures() -> None:
    ann = member("publisher", "pia")
    begin_operation(kind="publish", by=ann, images=[image.pk for image in pool(2)])
    assert (last().kind, last().about, last().who) == ("act", "publish 2", "pia")


def test_it_has_requests_that_no_service_records(signed_in: Client) -> None:
    signed_in.post("/admin/curation/dashboard/renew/")
    assert (last().kind, last().detail["route"]) == ("request", "curation:renew-dashboard")


def test_it_has_what_was_not_allowed(client: Client) -> None:
    client.force_login(member("viewer", "vic"))
    client.get("/admin/curation/make/estimate/")
    assert (last().kind, last().who, last().about) == ("refused", "vic", "/admin/curation/make/estimate/")


def test_it_has_nothing_of_visitors(api: APIClient) -> None:
    api.force_login(member("curator", "cora"))
    AuditEntry.objects.all().delete()
    api.post("/gardenfromDB", {"emotion": "calm"}, format="json")
    api.post("/garden", {"id": "visitor-17", "emotion": "calm"}, format="json")
    assert kinds() == []


def test_it_has_keys_without_the_keys() -> None:
    key, secret = make_key(device=KioskFactory(name="Hall"), name="first")
    revoke_key(key=key)
    assert kinds() == ["key_made", "key_revoked"]
    assert secret.partition(".")[2] not in str(list(AuditEntry.objects.values_list()))


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [(["purge_trash"], 1), (["purge_trash", "--dry-run"], 0), (["check"], 0), (["help", "purge_trash"], 0)],
)
def test_it_has_commands_that_may_change_something(arguments: list[str], reported: int) -> None:
    command = next(argument for argument in arguments if argument != "help")
    RecordingUtility(["manage.py", *arguments]).fetch_command(command)
    assert AuditEntry.objects.filter(kind="command").count() == reported


def test_it_has_no_secret_of_a_command() -> None:
    reported = without_secrets(["--url", "http://x", "--key", "abc.def", "--password=pw", "--json"])
    assert reported == ["--url", "http://x", "--key", "…", "--password=…", "--json"]


def test_nothing_changes_it(ann: User) -> None:
    make_key(device=KioskFactory(), name="first")
    entry = last()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        AuditEntry.objects.update(who="ben")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE garden_auditentry SET who = 'ben'")


def test_it_is_read_only_for_administrators_too(admin_client: Client) -> None:
    make_key(device=KioskFactory(), name="first")
    page = f"/admin/garden/auditentry/{last().pk}"
    assert admin_client.get("/admin/garden/auditentry/", {"q": "first", "kind__exact": "key_made"}).status_code == 200
    assert admin_client.post(f"{page}/change/", {"who": "ben"}).status_code == 403
    assert admin_client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403


def test_operators_read_it_and_curators_do_not(client: Client) -> None:
    for group, status in (("operator", 200), ("curator", 403)):
        client.force_login(member(group))
        assert client.get("/admin/garden/auditentry/").status_code == status


def test_it_ends_in_its_time(settings: Any) -> None:
    settings.AUDIT_RETENTION_DAYS = 30
    for days in (31, 29):
        AuditEntry.objects.create(kind="request", at=timezone.now() - timedelta(days=days))
    assert sweep_retention()["audit log"] == 1
    settings.AUDIT_RETENTION_DAYS = 0
    assert "audit log" not in sweep_retention()
