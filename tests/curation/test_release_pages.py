"""The releases page and the history: what happened, and the way back in one click."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from curation.models import BulkOperation, Release
from curation.services.operations import publish_images, remove_images, withdraw_images
from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import make_thumbnail, thumbnail_key
from tests.support.pictures import portrait

pytestmark = pytest.mark.django_db
RELEASES, ACTS = "/admin/curation/releases/", "/admin/curation/acts/"


@pytest.fixture
def publisher(client: Client) -> User:
    user = User.objects.create_user("pia", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    client.force_login(user)
    return user


def picture(number: int, emotion: str = "calm") -> Image:
    return register_image(key=f"imgPool/{emotion}/img_{number}h.jpeg", content=portrait(), origin="painter")


def served() -> list[str]:
    return sorted(Image.objects.serving().values_list("key", flat=True))


def test_it_shows_what_a_garden_serves_and_how_it_came_to_that(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk, picture(2).pk], by=publisher, note="spring")
    page = client.get(RELEASES, {"garden": "calm"}).content.decode()
    assert "2 pictures" in page
    assert "spring" in page
    assert re.search(r"\+2\s", page)
    assert page.count('src="/media/emotions/calm/') == 2


def test_it_shows_the_pictures_of_a_release(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    page = client.get(f"{RELEASES}{Release.objects.get().pk}/").content.decode()
    assert "/media/emotions/calm/img_1h.jpeg" in page


def test_it_goes_back_in_one_click(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    publish_images(images=[picture(2).pk], by=publisher)
    client.post(f"{RELEASES}calm/1/")
    assert served() == ["emotions/calm/img_1h.jpeg"]
    client.post(f"{RELEASES}calm/2/")
    assert served() == ["emotions/calm/img_1h.jpeg", "emotions/calm/img_2h.jpeg"]
    client.post(f"{RELEASES}calm/0/")
    assert served() == []


def test_it_says_when_there_is_no_such_release(client: Client, publisher: User) -> None:
    answer = client.post(f"{RELEASES}calm/7/", follow=True)
    assert "no release 7" in answer.content.decode()
    assert client.get(RELEASES, {"garden": "bored"}).status_code == 404


def test_it_says_when_an_operation_failed(client: Client, publisher: User, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    monkeypatch.setattr("curation.services.history.RollBack.apply", _break)
    answer = client.post(f"{RELEASES}calm/0/", follow=True).content.decode()
    assert "Something failed here" in answer
    assert "is rolled back to release" not in answer


def _break(*args: Any) -> None:
    raise RuntimeError


def test_it_cancels_what_waits_for_its_time(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher, schedule=timezone.now() + timedelta(hours=1))
    assert "Scheduled" in client.get(RELEASES, {"garden": "calm"}).content.decode()
    client.post(f"{RELEASES}{Release.objects.get().pk}/cancel/")
    assert Release.objects.get().cancelled_at


def test_the_history_shows_who_did_what_and_why_and_undoes_it(client: Client, publisher: User) -> None:
    image = picture(1)
    operation = remove_images(images=[image.pk], by=publisher, note="too dark")
    page = client.get(ACTS).content.decode()
    assert "pia" in page
    assert "too dark" in page
    assert image.key in client.get(f"{ACTS}{operation.pk}/").content.decode()
    client.post(f"{ACTS}{operation.pk}/undo/")
    image.refresh_from_db()
    assert image.state == "pool"
    assert "undone by pia" in client.get(ACTS).content.decode()


def test_lists_show_the_first_pictures_of_each_row(client: Client, publisher: User) -> None:
    images = [picture(number) for number in range(6)]
    publish_images(images=[image.pk for image in images], by=publisher)
    make_thumbnail(image=Image.objects.serving().get(key="emotions/calm/img_3h.jpeg"))
    remove_images(images=[picture(9).pk], by=publisher)
    withdrawn = Image.objects.serving().order_by("-key")[0]
    withdraw_images(images=[withdrawn.pk], by=publisher)
    page = client.get(RELEASES, {"garden": "calm"})
    newest, first = page.context["part"].rows
    assert [len(pictures) for pictures in (newest.adds, newest.removes, first.adds, first.removes)] == [0, 1, 4, 0]
    assert f"/media/{thumbnail_key('emotions/calm/img_3h.jpeg')}" in page.content.decode()
    operations = client.get(ACTS).context["part"].rows
    assert [len(operation.pictures) for operation in operations] == [1, 1, 4]


def test_an_operation_that_runs_is_asked_for_until_it_is_done(client: Client, publisher: User) -> None:
    operation = remove_images(images=[picture(1).pk], by=publisher)
    part = {"HX-Request": "true"}
    assert "hx-get" not in client.get(f"{ACTS}{operation.pk}/", headers=part).content.decode()
    BulkOperation.objects.update(state="running", done=0)
    state = client.get(f"{ACTS}{operation.pk}/", headers=part).content.decode()
    assert f'hx-get="{ACTS}{operation.pk}/"' in state
    assert "0 / 1" in state
    assert "Undo" not in state
    assert state in client.get(ACTS).content.decode()
    client.logout()
    assert client.get(f"{ACTS}{operation.pk}/", headers=part).status_code == 401


def test_a_picture_without_a_thumbnail_is_shown_in_full_size(client: Client, publisher: User) -> None:
    operation = publish_images(images=[picture(1).pk], by=publisher)
    copy = Image.objects.serving().get()
    for page in (f"{ACTS}{operation.pk}/", f"{RELEASES}{Release.objects.get().pk}/"):
        assert "/media/derived/" not in client.get(page).content.decode()
    make_thumbnail(image=copy)
    assert f"/media/{thumbnail_key(copy.key)}" in client.get(page).content.decode()


def test_it_opens_with_the_garden_that_changed_last(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    publish_images(images=[picture(2, "sad").pk], by=publisher)
    assert client.get(RELEASES).context["garden"]["emotion"] == "sad"


def test_it_pages_through_a_history_and_skips_no_act_of_the_same_moment(
    client: Client, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curation.pages.history.PAGE", 2)
    operations = {remove_images(images=[picture(number).pk], by=publisher).pk for number in range(5)}
    BulkOperation.objects.update(at=timezone.now())
    seen, url = [], ACTS
    for _ in range(3):
        part = client.get(url).context["part"]
        seen += [operation.pk for operation in part.rows]
        url = f"{ACTS}{part.older}"
    assert (len(seen), set(seen)) == (5, operations)


@pytest.mark.parametrize(
    "start",
    ["yesterday", "-1", "²", "9" * 30],
)
def test_an_impossible_start_is_ignored(client: Client, publisher: User, start: str) -> None:
    assert client.get(ACTS, {"start": start}).status_code == 200


def test_a_roll_back_from_the_page_takes_no_note(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    client.post(f"{RELEASES}calm/0/", {"note": "a\0b" * 1_000})
    assert BulkOperation.objects.get(kind="roll_back").note == ""


def test_more_releases_need_no_more_queries(
    client: Client, publisher: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        publish_images(images=[picture(number).pk], by=publisher)
    with django_assert_max_num_queries(14):
        client.get(RELEASES, {"garden": "calm"})
    with django_assert_max_num_queries(14):
        client.get(ACTS)


@pytest.mark.parametrize("path", [f"{RELEASES}calm/0/", f"{RELEASES}1/cancel/"])
def test_it_lets_viewers_look_and_touch_nothing(client: Client, path: str) -> None:
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.groups.add(Group.objects.get(name="viewer"))
    client.force_login(viewer)
    assert client.get(RELEASES).status_code == 200
    assert client.get(ACTS).status_code == 200
    assert client.post(path).status_code == 403


def test_it_refuses_an_undo_by_who_may_not_do_it(client: Client) -> None:
    operation = remove_images(images=[picture(1).pk], by=None)
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.groups.add(Group.objects.get(name="viewer"))
    client.force_login(viewer)
    client.post(f"{ACTS}{operation.pk}/undo/")
    assert BulkOperation.objects.count() == 1


def test_the_note_of_a_rollback_is_bounded(client: Client, publisher: User) -> None:
    publish_images(images=[picture(1).pk], by=publisher)
    client.post(f"{RELEASES}calm/0/", {"note": "a\0b" * 1_000})
    assert BulkOperation.objects.get(kind="roll_back").note == ""
