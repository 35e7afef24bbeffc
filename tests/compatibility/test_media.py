"""Who may look at a picture: everybody at published ones, staff with the permission at all; nobody at other files."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from garden.access.kiosk_keys import make_key
from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import make_thumbnail, thumbnail_key
from tests.curation.cast import member
from tests.support import pictures
from tests.support.factories import ImageFactory, KioskFactory

pytestmark = pytest.mark.django_db
PUBLISHED = "emotions/calm/img_1_0h.jpeg"
IN_THE_POOL = "imgPool/calm/img_1_0h.jpeg"


@pytest.fixture(autouse=True)
def _stored() -> None:
    for key in (PUBLISHED, IN_THE_POOL):
        register_image(key=key, content=pictures.coffee(), origin="import")


def look(api: APIClient, key: str) -> int:
    return int(api.get(f"/media/{key}").status_code)


@pytest.mark.parametrize("asks", ["visitor", "stranger's token", "staff"])
@pytest.mark.parametrize("key", [PUBLISHED, IN_THE_POOL, "emotions/calm/none.jpeg", f"emotions/../{IN_THE_POOL}"])
def test_the_seeds_addresses_answer_as_media_does(api: APIClient, asks: str, key: str) -> None:
    if asks == "staff":
        api.force_login(User.objects.create_superuser("ann"))
    elif asks == "stranger's token":
        api.credentials(HTTP_AUTHORIZATION="Token unknown")
    answers = [api.get(f"/{folder}{key}") for folder in ("media/", "")]
    for header in ("Content-Type", "Content-Length", "Cache-Control", "Last-Modified", "ETag", "Vary"):
        assert answers[0].headers.get(header) == answers[1].headers.get(header), header
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].getvalue() == answers[1].getvalue()
    if answers[0].status_code == 200:
        since = {"If-Modified-Since": answers[0]["Last-Modified"]}
        assert api.get(f"/{key}", headers=since).status_code == 304


def test_the_seeds_addresses_take_keys_with_commas_spaces_and_letters(api: APIClient) -> None:
    key = "emotions/happy/봄, cloudy+day/img 1_0h.jpeg"
    register_image(key=key, content=pictures.coffee(), origin="import")
    for written in (key, quote(key), quote(key, safe="")):
        assert api.get(f"/{written}").status_code == 200


@pytest.mark.parametrize(
    "path", [IN_THE_POOL, f"emotions/../{IN_THE_POOL}", f"/{IN_THE_POOL}", ".incoming/x", "emotionsX/y"]
)
def test_it_hides_everything_but_published_pictures_from_visitors(api: APIClient, path: str) -> None:
    assert api.get(f"/media/{PUBLISHED}")["Cache-Control"] == "public, max-age=86400"
    assert look(api, path) == 404
    api.credentials(HTTP_AUTHORIZATION="Token unknown")
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
    api.force_login(member("viewer"))
    answer = api.get(f"/media/{PUBLISHED}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private")


def kiosk(api: APIClient) -> None:
    api.credentials(HTTP_X_API_KEY=make_key(device=KioskFactory.create(), name="kiosk")[1])


def staff(*permissions: str) -> User:
    user = User.objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


IDENTITIES: dict[str, Callable[[APIClient], None]] = {
    "anonymous": lambda api: None,
    "kiosk": kiosk,
    "no staff": lambda api: api.force_login(User.objects.create_user("somebody")),
    "no staff, but the permission": lambda api: api.force_login(_somebody_allowed()),
    "staff without permission": lambda api: api.force_login(staff()),
    "staff with another permission": lambda api: api.force_login(staff("view_kiosk", "change_assignment")),
    "token without permission": lambda api: _with_token(api, staff()),
    "reviewer": lambda api: api.force_login(staff("view_review")),
    "viewer": lambda api: api.force_login(member("viewer")),
    "curator": lambda api: api.force_login(member("curator")),
    "program that makes pictures": lambda api: _with_token(api, staff("add_generationjob")),
}
ALLOWED = {"reviewer", "viewer", "curator", "program that makes pictures"}


def _somebody_allowed() -> User:
    user = staff("view_review")
    User.objects.filter(pk=user.pk).update(is_staff=False)
    return user


def _with_token(api: APIClient, user: User) -> None:
    api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=user).key}")


@pytest.mark.parametrize("who", IDENTITIES)
def test_it_shows_the_pool_and_the_trash_to_staff_with_the_permission_alone_and_no_other_file(
    api: APIClient, who: str
) -> None:
    for image in Image.objects.all():
        make_thumbnail(image=image)
    Image.objects.filter(key=PUBLISHED).withdraw()
    IDENTITIES[who](api)
    hidden = [IN_THE_POOL, thumbnail_key(IN_THE_POOL), PUBLISHED, thumbnail_key(PUBLISHED)]
    assert [look(api, path) for path in hidden] == [200 if who in ALLOWED else 404] * 4
    others = ["notes.html", "imgPool/calm/stray.jpeg", "dataset/users/all.csv", f"derived/320/{PUBLISHED}.html"]
    for path in others:
        default_storage.save(path, ContentFile(b"<script>alert(1)</script>"))
        assert look(api, path) == 404, path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "image/jpeg"),
        ("a.svg", "image/jpeg"),
        ("a.jpeg.gz", "image/jpeg"),
        ("a.png", "image/png"),
    ],
)
def test_it_names_every_file_a_picture_whatever_its_key_ends_with(api: APIClient, name: str, kind: str) -> None:
    key = f"emotions/calm/{name}"
    ImageFactory.create(key=key)
    default_storage.save(key, ContentFile(b"<script>alert(1)</script>"))
    answer = api.get(f"/media/{key}")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (200, kind, "nosniff")
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize(("key", "status"), [(PUBLISHED, 200), (IN_THE_POOL, 404), ("emotions/../imgPool/calm/x", 404)])
def test_small_copies_are_for_those_who_may_see_the_picture(api: APIClient, key: str, status: int) -> None:
    for image in Image.objects.all():
        make_thumbnail(image=image)
    assert look(api, thumbnail_key(key)) == status
