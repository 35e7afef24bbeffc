"""The groups of staff, as migrations make them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests.migrated_rows import put_back


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
