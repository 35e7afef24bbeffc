"""Souvenirs in Django admin: found by the code that a visitor brings, and ended."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from garden.models import SouvenirLink
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
PAGES = "/admin/garden/souvenirlink"


def link(code: str, days: int = 30) -> SouvenirLink:
    ends = timezone.now() + timedelta(days=days)
    return SouvenirLink.objects.create(code=code, image=ImageFactory.create(), expires_at=ends)


def sign_in(client: Client, group: str) -> Client:
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def test_a_code_is_found_however_it_is_typed(admin_client: Client) -> None:
    link("abcdefghjkm0"), link("bbcdefghjkm0")
    assert admin_client.get(f"{PAGES}/", {"q": "ABCDEFGHJKM0"}).context["cl"].result_count == 1


@pytest.mark.parametrize(("opens", "code"), [("yes", "a" * 12), ("no", "b" * 12)])
def test_open_and_ended_ones_are_distinguished(admin_client: Client, opens: str, code: str) -> None:
    link("a" * 12), link("b" * 12, days=-1)
    assert [row.code for row in admin_client.get(f"{PAGES}/", {"opens": opens}).context["cl"].result_list] == [code]


def test_it_is_made_and_changed_by_nobody(admin_client: Client) -> None:
    page = f"{PAGES}/{link('a' * 12).pk}/change/"
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"code": "b" * 12}).status_code == 403
    assert admin_client.get(f"{PAGES}/add/").status_code == 403


@pytest.mark.parametrize(("group", "ended"), [("viewer", False), ("publisher", False), ("operator", True)])
def test_operators_end_one_before_its_time(client: Client, group: str, ended: bool) -> None:
    row = link("a" * 12)
    sign_in(client, group).post(f"{PAGES}/{row.pk}/delete/", {"post": "yes"})
    assert SouvenirLink.objects.exists() is not ended
    assert client.get(f"/s/{row.code}").status_code == (404 if ended else 200)
