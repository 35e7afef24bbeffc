"""`POST /updateDisplay` and `GET /display/…` as the seed's clients know them, and `POST /sendToWall`."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from PIL import Image as Pillow
from rest_framework.test import APIClient

from garden.models import Image, KioskKey, WallChange, Zone
from garden.models.wall import Source
from garden.services import register_image
from garden.walls.service import assign
from tests.garden.walls.walls import keys_on, landscapes, portraits
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db
PATH = "/updateDisplay"


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1", title="Hall")


def post(api: APIClient, path: str, **fields: Any) -> Any:
    return api.post(path, fields, format="json")


def keys(images: list[Image]) -> list[str]:
    return [image.key for image in images]


def unchanged(zone: Zone) -> bool:
    return (keys_on(zone), Zone.objects.get().version) == ({}, 0)


def drawn(key: str, colour: str = "teal") -> Image:
    """A picture with its file."""
    content = io.BytesIO()
    Pillow.new("RGB", (64, 40), colour).save(content, "JPEG")
    return register_image(key=key, content=content.getvalue(), origin="import")


def test_it_hangs_eight_and_eight_and_answers_as_the_seed_spells_it(api: APIClient, zone: Zone) -> None:
    wide, tall = landscapes(8), portraits(8)
    answer = post(api, PATH, zone="zone1", landscape=keys(wide), portrait=keys(tall))
    assert (answer.status_code, answer.content) == (200, b"sucess")
    assert answer["Content-Type"].startswith("text/plain")
    assert keys_on(zone) == {f"{n}h": image.key for n, image in enumerate(wide, 1)} | {
        f"{n}v": image.key for n, image in enumerate(tall, 1)
    }
    assert Zone.objects.get().version == 1


@pytest.mark.parametrize("absent", [{}, {"portrait": None}, {"portrait": []}])
def test_a_missing_list_leaves_its_orientation_alone(api: APIClient, zone: Zone, absent: dict[str, Any]) -> None:
    (tall,) = portraits(1)
    post(api, PATH, zone="zone1", portrait=[tall.key])
    (wide,) = landscapes(1)
    assert post(api, PATH, zone="zone1", landscape=[wide.key], **absent).status_code == 200
    assert keys_on(zone) == {"1h": wide.key, "1v": tall.key}


def test_fewer_than_eight_fill_the_slots_from_the_first_on(api: APIClient, zone: Zone) -> None:
    hung, new = landscapes(8), landscapes(3)
    post(api, PATH, zone="zone1", landscape=keys(hung))
    post(api, PATH, zone="zone1", landscape=keys(new))
    assert list(keys_on(zone).values()) == keys([*new, *hung[3:]])


def test_null_leaves_its_slot_alone(api: APIClient, zone: Zone) -> None:
    hung, new = landscapes(3), landscapes(2)
    post(api, PATH, zone="zone1", landscape=keys(hung))
    answer = post(api, PATH, zone="zone1", landscape=[new[0].key, None, new[1].key, None], portrait=[None, None])
    assert (answer.status_code, answer.content) == (200, b"sucess")
    assert list(keys_on(zone).values()) == keys([new[0], hung[1], new[1]])


def test_more_than_eight_change_nothing(api: APIClient, zone: Zone) -> None:
    answer = post(api, PATH, zone="zone1", landscape=keys(landscapes(9)), portrait=keys(portraits(1)))
    assert answer.status_code == 400
    assert "landscape" in answer.json()["fields"]
    assert unchanged(zone)


def test_an_unknown_key_or_no_list_changes_nothing_and_the_key_is_named(api: APIClient, zone: Zone) -> None:
    answer = post(api, PATH, zone="zone1", landscape=keys(landscapes(1)), portrait=["emotions/calm/lost_0v.jpeg"])
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (404, "unknown_image")
    assert problem["key"] == "emotions/calm/lost_0v.jpeg"
    assert "lost_0v" in problem["detail"]
    (trashed,) = landscapes(1)
    Image.objects.filter(pk=trashed.pk).withdraw()
    assert post(api, PATH, zone="zone1", landscape=[trashed.key]).status_code == 404
    assert post(api, PATH, zone="zone1").content == b"sucess"
    assert unchanged(zone)


def test_an_unknown_zone_is_named(api: APIClient, zone: Zone) -> None:
    answer = post(api, PATH, zone="cellar", landscape=keys(landscapes(1)))
    assert (answer.status_code, answer.json()["code"], answer.json()["zone"]) == (404, "unknown_zone", "cellar")
    assert unchanged(zone)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("zone", {"landscape": []}),
        ("zone", {"zone": ""}),
        ("zone", {"zone": "a\0b"}),
        ("landscape", {"zone": "zone1", "landscape": "KEY"}),
        ("portrait", {"zone": "zone1", "portrait": ["\0"]}),
        ("portrait", {"zone": "zone1", "portrait": [{}]}),
    ],
)
def test_what_cannot_be_hung_is_refused_naming_the_field(
    api: APIClient, zone: Zone, field: str, fields: dict[str, Any]
) -> None:
    answer = post(api, PATH, **fields)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_where_keys_are_needed_a_kiosk_is_served_and_others_are_refused(
    api: APIClient, zone: Zone, settings: Any
) -> None:
    settings.KIOSK_ACCESS = "keys"
    (image,) = landscapes(1)
    assert post(api, PATH, zone="zone1", landscape=[image.key]).status_code == 401
    _, key = KioskKey.objects.create_key(name="first", kiosk=KioskFactory(name="Foyer"))
    api.credentials(HTTP_X_API_KEY=key)
    assert post(api, PATH, zone="zone1", landscape=[image.key]).status_code == 200
    assert WallChange.objects.get().by == "Foyer"


def test_where_keys_are_needed_staff_needs_the_permission(api: APIClient, zone: Zone, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    cora = User.objects.create_user("cora", is_staff=True)
    (image,) = landscapes(1)
    api.force_authenticate(cora)
    assert post(api, PATH, zone="zone1", landscape=[image.key]).status_code == 403
    cora.user_permissions.add(Permission.objects.get(codename="change_assignment"))
    api.force_authenticate(User.objects.get())
    assert post(api, PATH, zone="zone1", landscape=[image.key]).status_code == 200
    assert (WallChange.objects.get().by, WallChange.objects.get().source) == ("cora", "api")


def test_the_picture_of_a_slot_is_served_and_once_it_is_known_not_again(api: APIClient, zone: Zone) -> None:
    image = drawn("emotions/calm/img_1_0h.jpeg")
    assign(zone, {"3h": image}, source=Source.API)
    answer = api.get("/display/zone1/img3h.jpeg")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "no-cache")
    assert Pillow.open(io.BytesIO(answer.getvalue())).size == (64, 40)
    again = api.get("/display/zone1/img3h.jpeg", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])


def test_another_picture_in_the_slot_is_another_answer(api: APIClient, zone: Zone) -> None:
    first, second = drawn("emotions/calm/img_1_0h.jpeg"), drawn("emotions/calm/img_2_0h.jpeg", "navy")
    post(api, PATH, zone="zone1", landscape=[first.key])
    known = api.get("/display/zone1/img1h.jpeg")["ETag"]
    post(api, PATH, zone="zone1", landscape=[second.key])
    assert api.get("/display/zone1/img1h.jpeg", headers={"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize("path", ["zone1/img1h", "zone1/img9h", "zone1/img1x", "cellar/img1h", "zone1/img0v"])
def test_an_empty_slot_has_no_picture(api: APIClient, zone: Zone, path: str) -> None:
    assert api.get(f"/display/{path}.jpeg").status_code == 404


def test_a_picture_whose_file_is_gone_is_not_found(api: APIClient, zone: Zone) -> None:
    post(api, PATH, zone="zone1", landscape=keys(landscapes(1)))
    assert api.get("/display/zone1/img1h.jpeg").status_code == 404


def test_a_kiosk_sends_to_its_zone(api: APIClient, zone: Zone) -> None:
    Zone.objects.create(name="zone2")
    _, key = KioskKey.objects.create_key(name="first", kiosk=KioskFactory(name="Foyer", zone=zone))
    api.credentials(HTTP_X_API_KEY=key)
    wide, tall = landscapes(1), portraits(1)
    answer = post(api, "/sendToWall", keys=keys([*tall, *wide]))
    assert answer.json() == {"zone": "zone1", "title": "Hall", "version": 1, "slots": ["1v", "1h"]}
    change = WallChange.objects.get()
    assert (change.source, change.by) == ("visitor", "Foyer")


def test_without_a_wall_nothing_is_sent(api: APIClient) -> None:
    answer = post(api, "/sendToWall", keys=keys(landscapes(1)))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_wall")


def test_an_unknown_picture_is_not_sent(api: APIClient, zone: Zone) -> None:
    answer = post(api, "/sendToWall", keys=[*keys(landscapes(1)), "emotions/calm/lost_0h.jpeg"])
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_image")
    assert unchanged(zone)


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_pictures_are_sent(api: APIClient, zone: Zone, count: int) -> None:
    assert post(api, "/sendToWall", keys=keys(landscapes(count))).status_code == 400
