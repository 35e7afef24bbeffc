"""What a wall is told: all of its zone at one version, and that it was this site that said so."""

import base64
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from rest_framework.test import APIClient

from garden.models import Image, SouvenirLink, Zone
from garden.models.display import Source
from garden.walls.hanging import hang, renew
from garden.walls.signing import public_jwk
from tests.garden.walls.walls import landscapes, picture, portraits

pytestmark = pytest.mark.django_db
PATH = "/wall/zone1/manifest"


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1", title="Hall")


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="))


def check(answer: dict[str, str]) -> None:
    """As a browser's Web Crypto does it, by another road. Raises InvalidSignature."""
    key = public_jwk()
    assert (key["kty"], key["crv"]) == ("EC", "P-256")
    signature = base64.urlsafe_b64decode(answer["signature"] + "==")
    assert len(signature) == 64
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    public = EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), SECP256R1()).public_key()
    public.verify(encode_dss_signature(r, s), answer["payload"].encode(), ECDSA(hashes.SHA256()))


def payload(api: APIClient, **headers: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(api.get(PATH, headers=headers).json()["payload"])
    return told


def test_it_tells_every_slot_of_the_zone(api: APIClient, zone: Zone) -> None:
    wide, tall = picture("happy/spring,cloudy,day"), portraits(1)[0]
    hang(zone, {"3h": wide, "1v": tall}, source=Source.API)
    told = payload(api)
    assert set(told) == {"zone", "title", "version", "issued_at", "dark", "shows_code", "slots"}
    assert (told["zone"], told["title"], told["version"]) == ("zone1", "Hall", 1)
    assert (told["dark"], told["shows_code"]) == (False, False)
    assert list(told["slots"]) == ["1v", "3h"]
    assert told["slots"]["3h"] == {
        "key": wide.key,
        "url": f"/picture/0/{wide.key}",
        "sha256": wide.content_hash,
        "emotion": "happy",
        "width": 1280,
        "height": 800,
        "souvenir": "",
    }


def test_an_empty_zone_has_no_slots(api: APIClient, zone: Zone) -> None:
    assert payload(api)["slots"] == {}


def test_it_is_signed_by_the_site(api: APIClient, zone: Zone) -> None:
    hang(zone, {"3h": picture("calm", prompt="꽃")}, source=Source.API)
    answer = api.get(PATH).json()
    check(answer)
    with pytest.raises(InvalidSignature):
        check({**answer, "payload": answer["payload"].replace("3h", "4h")})


def test_another_site_signs_with_another_key(api: APIClient, zone: Zone, settings: Any) -> None:
    answer = api.get(PATH).json()
    settings.SECRET_KEY = "another"
    with pytest.raises(InvalidSignature):
        check(answer)


def test_its_etag_is_the_version_and_nothing_comes_twice(api: APIClient, zone: Zone) -> None:
    hang(zone, {"3h": picture("calm")}, source=Source.API)
    first = api.get(PATH)
    assert (first["ETag"], first["Cache-Control"]) == ('"1"', "no-cache")
    again = api.get(PATH, headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", '"1"')
    renew(zone)
    assert api.get(PATH, headers={"If-None-Match": '"1"'}).status_code == 200


def test_a_poll_costs_one_query_and_the_signature_is_made_once(
    api: APIClient, zone: Zone, django_assert_num_queries: Any
) -> None:
    hang(zone, {f"{n}h": image for n, image in enumerate(landscapes(8), 1)}, source=Source.API)
    first = api.get(PATH).content
    with django_assert_num_queries(1):
        assert api.get(PATH, headers={"If-None-Match": '"1"'}).status_code == 304
    with django_assert_num_queries(1):
        assert api.get(PATH).content == first


def test_a_picture_that_left_the_garden_is_not_told(api: APIClient, zone: Zone) -> None:
    kept, removed = landscapes(2)
    hang(zone, {"1h": kept, "2h": removed}, source=Source.API)
    Image.objects.filter(pk=removed.pk).withdraw()
    assert list(payload(api)["slots"]) == ["1h"]


def test_souvenirs_are_told_where_the_walls_show_codes(api: APIClient, zone: Zone, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    Zone.objects.update(shows_code=True)
    hang(zone, {"1h": picture("calm")}, source=Source.API)
    told = payload(api)
    assert told["shows_code"]
    assert told["slots"]["1h"]["souvenir"] == f"https://garden.example/s/{SouvenirLink.objects.get().code}"


def test_each_address_of_the_site_is_told_its_own_souvenirs(api: APIClient, zone: Zone) -> None:
    Zone.objects.update(shows_code=True)
    hang(zone, {"1h": picture("calm")}, source=Source.API)
    for host in ("one.example", "two.example"):
        assert payload(api, host=host)["slots"]["1h"]["souvenir"].startswith(f"http://{host}/s/")


def test_an_unknown_zone_is_not_found(api: APIClient) -> None:
    answer = api.get("/wall/cellar/manifest")
    assert (answer.status_code, answer.json()["code"], answer.json()["zone"]) == (404, "unknown_zone", "cellar")


def test_a_screen_needs_no_key(api: APIClient, zone: Zone, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    assert api.get(PATH).status_code == 200
