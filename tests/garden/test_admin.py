import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from garden.access.kiosk_keys import usable_key
from garden.models import Alarm, DeviceHealth, Image, KioskKey, Visitor
from tests.factories import ImageFactory, KioskFactory, VisitorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("admin"))
    return client


@pytest.mark.parametrize("page", ["image", "visitor", "kiosk", "kioskkey"])
def test_it_lists_and_searches(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/garden/{page}/", {"q": "x"}).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("en", "left empty"), ("ko", "비어 있음"), ("ja", "空欄")])
@pytest.mark.parametrize("facets", ["", "True"])
def test_no_link_of_a_filter_is_without_a_word(admin: Client, language: str, word: str, facets: str) -> None:
    KioskFactory.create(place="")
    KioskFactory.create(place="Hall 2")
    asked = {"_facets": facets} if facets else {}
    page = admin.get("/admin/garden/kiosk/", asked, headers={"Accept-Language": language}).content.decode()
    sidebar = page[page.index('id="changelist-filter"') :]
    links = re.findall(r'<a href="([^"]*)"[^>]*>\s*(.*?)\s*</a>', unescape(sidebar), re.DOTALL)
    assert [where for where, said in links if not said or said.startswith("(")] == []
    (empty,) = [where for where, said in links if said.split(" (")[0] == word]
    assert "Hall 2" not in admin.get(f"/admin/garden/kiosk/{empty}").context["cl"].queryset.values_list(
        "place", flat=True
    )


def test_it_shows_an_image_and_how_it_was_made(admin: Client) -> None:
    image: Image = ImageFactory.create(prompt="calm, <b>cat</b>")
    page = admin.get(f"/admin/garden/image/{image.pk}/change/").content.decode()
    assert image.key in page
    assert "calm, &lt;b&gt;cat&lt;/b&gt;" in page


def test_it_neither_adds_changes_nor_deletes_images_behind_their_files(admin: Client) -> None:
    image: Image = ImageFactory.create()
    assert admin.post(f"/admin/garden/image/{image.pk}/change/").status_code == 403
    assert admin.get("/admin/garden/image/add/").status_code == 403
    assert admin.post(f"/admin/garden/image/{image.pk}/delete/").status_code == 403


def test_it_lets_curators_name_the_emotion_of_a_picture_from_free_text(client: Client) -> None:
    curator = get_user_model().objects.create_user("cora", is_staff=True)
    curator.groups.add(Group.objects.get(name="curator"))
    client.force_login(curator)
    image: Image = ImageFactory.create(key="imgPool/img_1.jpeg")
    page = f"/admin/garden/image/{image.pk}/change/"
    client.post(page, {"emotion": "calm", "favorite": "cat", "key": "imgPool/other.jpeg", "state": "serving"})
    image.refresh_from_db()
    assert (image.emotion, image.favorite, image.key, image.state) == ("calm", "cat", "imgPool/img_1.jpeg", "pool")
    assert "emotion" in client.get(f"/admin/garden/image/{image.pk}/history/").content.decode().lower()


@pytest.mark.parametrize("favorite", ["..", "../../x", "a//b", "a\nb"])
def test_it_refuses_a_favorite_that_cannot_be_a_folder(admin: Client, favorite: str) -> None:
    image: Image = ImageFactory.create(key="imgPool/img_1.jpeg")
    asked = {"emotion": "calm", "favorite": favorite}
    assert "favorite" in admin.post(f"/admin/garden/image/{image.pk}/change/", asked).context["errors"].as_text()
    image.refresh_from_db()
    assert image.favorite == ""


def test_it_refuses_an_emotion_that_there_is_not(admin: Client) -> None:
    image: Image = ImageFactory.create(key="imgPool/img_1.jpeg")
    assert admin.post(f"/admin/garden/image/{image.pk}/change/", {"emotion": "bored"}).status_code == 200
    image.refresh_from_db()
    assert image.emotion == ""


def test_it_forgets_a_visitor_but_changes_none(admin: Client) -> None:
    page = f"/admin/garden/visitor/{VisitorFactory.create().pk}"
    assert admin.post(f"{page}/change/", {"id": "another"}).status_code == 403
    assert admin.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    assert not Visitor.objects.exists()


def test_a_kiosk_goes_with_what_it_said_of_itself(admin: Client) -> None:
    kiosk = KioskFactory.create()
    DeviceHealth.objects.create(kiosk=kiosk)
    Alarm.objects.create(kiosk=kiosk, kind=Alarm.Kind.SILENT)
    assert admin.post(f"/admin/garden/kiosk/{kiosk.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Alarm.objects.exists()


def test_it_offers_no_keys_that_open_nothing(admin: Client) -> None:
    page = admin.get("/admin/").content.decode()
    assert "/admin/garden/kioskkey/" in page
    assert "/admin/rest_framework_api_key/" not in page


def test_it_lists_a_hundred_images_with_as_many_queries_as_one(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    ImageFactory.create_batch(60)
    VisitorFactory.create_batch(3)
    with django_assert_max_num_queries(8):
        admin.get("/admin/garden/image/")


def test_it_shows_a_new_kiosk_key_once(admin: Client) -> None:
    kiosk = KioskFactory.create()
    made = admin.post("/admin/garden/kioskkey/add/", {"name": "first", "kiosk": kiosk.pk}, follow=True)
    shown = re.search(rf"{KioskKey.objects.get().prefix}\.\w{{32}}\b", made.content.decode())
    assert shown
    key = usable_key(shown[0])
    assert key is not None
    assert key.kiosk == kiosk
    assert shown[0] not in admin.get("/admin/garden/kioskkey/").content.decode()


def test_it_is_closed_to_strangers(client: Client) -> None:
    assert client.get("/admin/garden/image/").status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        "export/?nobody=1",
        "export/?published_at__gte=%7B%7D",
        "?id__in=-99999999999999999999",
        "?width__contained_by=1",
        "1/delete/?_to_field=%2B",
    ],
)
def test_an_address_of_nonsense_is_refused_and_breaks_nothing(admin: Client, asked: str) -> None:
    ImageFactory.create()
    assert admin.get(f"/admin/garden/image/{asked}").status_code < 500


@pytest.mark.parametrize("row", ["00000000-0000-4000-8000-000000000000", "", "1;2"])
def test_an_act_on_what_is_no_row_is_refused(admin: Client, row: str) -> None:
    asked = {"action": "delete_selected", "_selected_action": row}
    assert admin.post("/admin/garden/image/", asked).status_code == 400
