"""Who may look at a picture: everybody at published ones, curators at all."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import thumbnail_key
from garden.thumbnails import make_thumbnail
from tests import pictures

pytestmark = pytest.mark.django_db
PUBLISHED = "emotions/calm/img_1_0h.jpeg"
IN_THE_POOL = "imgPool/calm/img_1_0h.jpeg"


@pytest.fixture(autouse=True)
def _stored() -> None:
    for key in (PUBLISHED, IN_THE_POOL):
        register_image(key=key, content=pictures.coffee(), origin="import")


def look(api: APIClient, key: str) -> int:
    return int(api.get(f"/media/{key}").status_code)


def test_it_shows_published_pictures_to_everybody(api: APIClient) -> None:
    assert look(api, PUBLISHED) == 200


@pytest.mark.parametrize(
    "path", [IN_THE_POOL, f"emotions/../{IN_THE_POOL}", f"/{IN_THE_POOL}", ".incoming/x", "emotionsX/y"]
)
def test_it_hides_everything_else_from_visitors(api: APIClient, path: str) -> None:
    assert look(api, path) == 404


@pytest.mark.parametrize("is_small", [False, True])
def test_a_picture_that_was_removed_is_gone_for_visitors_at_once_and_comes_back(api: APIClient, is_small: bool) -> None:
    images = Image.objects.filter(key=PUBLISHED)
    make_thumbnail(image=images.get())
    path = thumbnail_key(PUBLISHED) if is_small else PUBLISHED
    images.withdraw()
    assert look(api, path) == 404
    images.restore()
    assert look(api, path) == 200


def test_a_picture_of_a_release_to_come_is_hidden_until_it_is_live(api: APIClient) -> None:
    Image.objects.filter(key=PUBLISHED).update(state=Image.State.SHELVED, published_at=None)
    assert look(api, PUBLISHED) == 404
    assert api.get(f"/picture/640/{PUBLISHED}").status_code == 404
    api.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    answer = api.get(f"/media/{PUBLISHED}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private")


def test_a_picture_is_kept_by_browsers_as_long_as_the_site_says(api: APIClient) -> None:
    assert api.get(f"/media/{PUBLISHED}")["Cache-Control"] == "public, max-age=86400"


def test_it_asks_one_question_for_a_picture(api: APIClient, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        look(api, PUBLISHED)


def test_it_shows_the_pool_to_staff(api: APIClient) -> None:
    api.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    assert look(api, IN_THE_POOL) == 200


def test_it_shows_the_pool_to_the_program_that_asked_for_a_picture(api: APIClient) -> None:
    ann = get_user_model().objects.create_user("ann", is_staff=True)
    api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=ann).key}")
    assert look(api, IN_THE_POOL) == 200


@pytest.mark.parametrize("token", ["unknown", ""])
def test_it_refuses_tokens_it_does_not_know(api: APIClient, token: str) -> None:
    api.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert look(api, IN_THE_POOL) == 404


def test_it_hides_the_pool_from_users_who_are_not_staff(api: APIClient) -> None:
    api.force_login(get_user_model().objects.create_user("somebody"))
    assert look(api, IN_THE_POOL) == 404


@pytest.mark.parametrize(("key", "status"), [(PUBLISHED, 200), (IN_THE_POOL, 404), ("emotions/../imgPool/calm/x", 404)])
def test_small_copies_are_for_those_who_may_see_the_picture(api: APIClient, key: str, status: int) -> None:
    for image in Image.objects.all():
        make_thumbnail(image=image)
    assert look(api, thumbnail_key(key)) == status


def test_it_shows_small_copies_of_the_pool_to_staff(api: APIClient) -> None:
    make_thumbnail(image=Image.objects.get(key=IN_THE_POOL))
    api.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    assert look(api, thumbnail_key(IN_THE_POOL)) == 200
