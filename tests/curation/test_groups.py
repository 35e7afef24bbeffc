"""The groups of staff, as migrations make them."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import Model

from garden.models import AuditEntry
from tests.curation.cast import member
from tests.migrated_rows import put_back

APPS = ("garden", "generation", "recommend", "curation")


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_gets_them_back_with_all_that_they_may() -> None:
    before = _granted()
    assert {"viewer", "curator", "publisher", "operator"} == before.keys()
    call_command("flush", interactive=False, verbosity=0)
    put_back()
    after = _granted()
    missing = {group: granted - after[group] for group, granted in before.items()}
    assert not any(missing.values()), missing


def _granted() -> dict[str, set[str]]:
    return {
        group.name: set(group.permissions.values_list("content_type__app_label", "codename"))
        for group in Group.objects.all()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("group", ["viewer", "curator", "publisher", "operator"])
def test_whoever_is_of_staff_sees_every_list_of_the_garden(group: str) -> None:
    admin.autodiscover()
    ours = {model for model in admin.site._registry if model._meta.app_label in APPS} - {AuditEntry}
    user = member(group)
    unseen = {model.__name__ for model in ours if not user.has_perm(f"{model._meta.app_label}.{view_of(model)}")}
    assert unseen == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("group", "may"), [("viewer", False), ("curator", False), ("publisher", False), ("operator", True)]
)
def test_operators_end_souvenirs_throw_messages_away_and_send_events_again(group: str, may: bool) -> None:
    rights = ["garden.delete_souvenirlink", "garden.delete_setasidemessage", "recommend.change_outgoingevent"]
    user = member(group)
    assert {user.has_perm(right) for right in rights} == {group == "operator"}


def view_of(model: type[Model]) -> str:
    return get_permission_codename("view", model._meta)
