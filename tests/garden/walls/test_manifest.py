"""What a wall shows: all of its zone at one version."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from garden.models import Image, SouvenirLink, Zone
from garden.models.wall import Source
from garden.walls.service import assign, renew
from tests.garden.walls.walls import landscapes, picture, portraits

pytestmark = pytest.mark.django_db
PATH = "/wall/zone1/manifest"


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1", title="Hall")


def manifest(api: APIClient, **headers: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(PATH, headers=headers).json()
    return found


def test_it_names_every_slot_of_the_zone(api: APIClient, zone: Zone) -> None:
    assert manifest(api)["slots"] == {}
    wide, tall = picture("happy/spring,cloudy,day"), portraits(1)[0]
    assign(zone, {"3h": wide, "1v": tall}, source=Source.API)
    found = manifest(api)
    assert set(found) == {"zone", "title", "version", "issued_at", "dark", "shows_code", "slots"}
    assert (found["zone"], found["title"], found["version"]) == ("zone1", "Hall", 1)
    assert (found["dark"], found["shows_code"]) == (False, False)
    assert list(found["slots"]) == ["1v", "3h"]
    assert found["slots"]["3h"] == {
        "key": wide.key,
        "url": f"/picture/0/{wide.key}",
        "sha256": wide.content_hash,
        "emotion": "happy",
        "width": 1280,
        "height": 800,
        "souvenir": "",
        "stages": [],
        "layers": [],
    }


def test_its_etag_is_the_version_and_nothing_comes_twice(api: APIClient, zone: Zone) -> None:
    assign(zone, {"3h": picture("calm")}, source=Source.API)
    first = api.get(PATH)
    assert (first["ETag"], first["Cache-Control"]) == ('"1"', "no-cache")
    again = api.get(PATH, headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", '"1"')
    renew(zone)
    assert api.get(PATH, headers={"If-None-Match": '"1"'}).status_code == 200


def test_a_poll_costs_one_query_and_the_manifest_is_made_once(
    api: APIClient, zone: Zone, django_assert_max_num_queries: Any
) -> None:
    assign(zone, {f"{n}h": image for n, image in enumerate(landscapes(8), 1)}, source=Source.API)
    first = api.get(PATH).content
    with django_assert_max_num_queries(1):
        assert api.get(PATH, headers={"If-None-Match": '"1"'}).status_code == 304
    with django_assert_max_num_queries(1):
        assert api.get(PATH).content == first


def test_a_picture_that_left_the_garden_is_left_out(api: APIClient, zone: Zone) -> None:
    kept, removed = landscapes(2)
    assign(zone, {"1h": kept, "2h": removed}, source=Source.API)
    Image.objects.filter(pk=removed.pk).withdraw()
    assert list(manifest(api)["slots"]) == ["1h"]


def test_souvenirs_are_found_where_the_walls_show_codes(api: APIClient, zone: Zone, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.update(shows_code=True)
    assign(zone, {"1h": picture("calm")}, source=Source.API)
    found = manifest(api)
    assert found["shows_code"]
    assert found["slots"]["1h"]["souvenir"] == f"https://garden.example/s/{SouvenirLink.objects.get().code}"


def test_each_address_of_the_site_is_found_its_own_souvenirs(api: APIClient, zone: Zone) -> None:
    Zone.objects.update(shows_code=True)
    assign(zone, {"1h": picture("calm")}, source=Source.API)
    for host in ("one.example", "two.example"):
        assert manifest(api, host=host)["slots"]["1h"]["souvenir"].startswith(f"http://{host}/s/")


def test_an_unknown_zone_is_not_found(api: APIClient) -> None:
    answer = api.get("/wall/cellar/manifest")
    assert (answer.status_code, answer.json()["code"], answer.json()["zone"]) == (404, "unknown_zone", "cellar")


def test_a_screen_needs_no_key(api: APIClient, zone: Zone, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    assert api.get(PATH).status_code == 200
