import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from garden.access.kiosk_keys import usable_key
from garden.models import Alarm, DeviceHealth, Image, KioskKey, Visitor
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("admin"))
    return client


def test_it_lists_and_searches_for_staff_alone(admin: Client) -> None:
    for page in ("image", "visitor", "kiosk", "kioskkey"):
        assert admin.get(f"/admin/garden/{page}/", {"q": "x"}).status_code == 200
    assert Client().get("/admin/garden/image/").status_code == 302


@pytest.mark.parametrize(("language", "word"), [("en", "left empty"), ("ko", "비어 있음"), ("ja", "空欄")])
@pytest.mark.parametrize("facets", ["", "True"])
def test_no_link_of_a_filter_is_without_a_word(admin: Client, language: str, word: str, facets: str) -> None:
    KioskFactory.create(place="")
    KioskFactory.create(place="Hall 2")
    asked = {"_facets": facets} if facets else {}
    page = admin.get("/admin/garden/kiosk/", asked, headers={"Accept-Language": language}).content.decode()
    sidebar = page[page.index('id="changelist-filter"') :]
    links = re.findall(r'<a href="([^"]*)"[^>]*>\s*(.*?)\s*</a>', unescape(sidebar), re.DOTALL)
    assert [where for where, message in links if not message or message.startswith("(")] == []
    (empty,) = [where for where, message in links if message.split(" (")[0] == word]
    assert "Hall 2" not in admin.get(f"/admin/garden/kiosk/{empty}").context["cl"].queryset.values_list(
        "place", flat=True
    )


def test_it_shows_an_image_and_neither_adds_changes_nor_deletes_it_behind_its_file(admin: Client) -> None:
    image: Image = ImageFactory.create(prompt="calm, <b>cat</b>")
    page = admin.get(f"/admin/garden/image/{image.pk}/change/").content.decode()
    assert image.key in page
    assert "calm, &lt;b&gt;cat&lt;/b&gt;" in page
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


def test_it_refuses_an_unknown_emotion_and_a_favorite_that_cannot_be_a_folder(admin: Client) -> None:
    image: Image = ImageFactory.create(key="imgPool/img_1.jpeg")
    page = f"/admin/garden/image/{image.pk}/change/"
    for favorite in ("..", "../../x", "a//b", "a\nb"):
        answer = admin.post(page, {"emotion": "calm", "favorite": favorite})
        assert "favorite" in answer.context["errors"].as_text(), favorite
    assert admin.post(page, {"emotion": "bored"}).status_code == 200
    image.refresh_from_db()
    assert (image.emotion, image.favorite) == ("", "")


def test_it_forgets_a_visitor_but_changes_none(admin: Client) -> None:
    page = f"/admin/garden/visitor/{VisitorFactory.create().pk}"
    assert admin.post(f"{page}/change/", {"id": "another"}).status_code == 403
    assert admin.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    assert not Visitor.objects.exists()


def test_a_kiosk_is_deleted_with_its_health_and_alarms(admin: Client) -> None:
    kiosk = KioskFactory.create()
    DeviceHealth.objects.create(kiosk=kiosk)
    Alarm.objects.create(kiosk=kiosk, kind=Alarm.Kind.SILENT)
    assert admin.post(f"/admin/garden/kiosk/{kiosk.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Alarm.objects.exists()


def test_it_lists_a_hundred_images_with_as_many_queries_as_one(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    ImageFactory.create_batch(60)
    VisitorFactory.create_batch(3)
    with django_assert_max_num_queries(8):
        admin.get("/admin/garden/image/")


def test_it_shows_a_new_kiosk_key_once_and_offers_no_other_keys(admin: Client) -> None:
    assert "/admin/rest_framework_api_key/" not in admin.get("/admin/").content.decode()
    kiosk = KioskFactory.create()
    made = admin.post("/admin/garden/kioskkey/add/", {"name": "first", "kiosk": kiosk.pk}, follow=True)
    shown = re.search(rf"{KioskKey.objects.get().prefix}\.\w{{32}}\b", made.content.decode())
    assert shown
    key = usable_key(shown[0])
    assert key is not None
    assert key.kiosk == kiosk
    assert shown[0] not in admin.get("/admin/garden/kioskkey/").content.decode()


def test_a_nonsense_request_is_refused_and_breaks_nothing(admin: Client) -> None:
    ImageFactory.create()
    queries = ["export/?nobody=1", "export/?published_at__gte=%7B%7D", "?id__in=-99999999999999999999"]
    for query in (*queries, "?width__contained_by=1", "1/delete/?_to_field=%2B"):
        assert admin.get(f"/admin/garden/image/{query}").status_code < 500, query
    for row in ("00000000-0000-4000-8000-000000000000", "", "1;2"):
        chosen = {"action": "delete_selected", "_selected_action": row}
        assert admin.post("/admin/garden/image/", chosen).status_code == 400, row
