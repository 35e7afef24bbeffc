"""The groups of staff, as `migrate` makes them."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from garden.models import AuditEntry
from tests.curation.cast import member

APPS = ("garden", "generation", "recommend", "curation")


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
OF_OPERATORS = {*OF_VISITORS, "kioskkey", "setasidemessage"}
UNSEEN = {
    "viewer": OF_OPERATORS | {"creditaccount", "creditcharge"},
    "curator": OF_OPERATORS,
    "publisher": OF_OPERATORS,
    "operator": set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("group", UNSEEN)
def test_it_shows_each_group_the_lists_of_its_work_and_visitors_to_operators_alone(client: Client, group: str) -> None:
    admin.autodiscover()
    ours = [model for model in admin.site._registry if model._meta.app_label in APPS and model is not AuditEntry]
    client.force_login(member(group))
    refused = {model._meta.model_name for model in ours if client.get(list_of(model)).status_code == 403}
    assert refused == UNSEEN[group]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("group", "may"), [("viewer", False), ("curator", False), ("publisher", False), ("operator", True)]
)
def test_operators_end_souvenirs_throw_messages_away_and_send_events_again(group: str, may: bool) -> None:
    rights = ["garden.delete_souvenirlink", "garden.delete_setasidemessage", "recommend.change_outgoingevent"]
    user = member(group)
    assert {user.has_perm(right) for right in rights} == {group == "operator"}


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
