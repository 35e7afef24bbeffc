"""What nobody's kiosk sends: every answer is a refusal the sender can read, none is a 500, none costs minutes."""

import json
import time

import pytest
from PIL import Image
from rest_framework.test import APIClient

from tests.support.kiosk import show_photo
from tests.support.pictures import encode

ROUTES = ("/garden", "/gardenfromDB", "/like", "/updateDisplay", "/sendToWall")
pytestmark = pytest.mark.django_db


def post(api: APIClient, route: str, body: bytes, content_type: str = "application/json") -> int:
    status: int = api.post(route, body, content_type=content_type).status_code
    return status


def repeated_scans(side: int, times: int) -> bytes:
    """A valid progressive JPEG whose last scan comes again and again."""
    picture = encode(Image.new("L", (side, side), 128), progressive=True)
    scan, end = picture[picture.rindex(b"\xff\xda") : -2], picture[-2:]
    return picture[:-2] + scan * times + end


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"emotion":' + b"[" * 50_000])
def test_it_refuses_json_nested_too_deeply(api: APIClient, body: bytes) -> None:
    assert {route: post(api, route, body) for route in ROUTES} == dict.fromkeys(ROUTES, 400)


@pytest.mark.parametrize("route", ROUTES)
def test_it_refuses_more_json_than_a_photo_has_bytes(api: APIClient, route: str) -> None:
    answer = api.post(route, b'"' + b"x" * 5_000_001, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("item", ["http://[", "http://[::1", "https://ex\u2100mple.com/x", "http://x/emotions/%00"])
def test_it_knows_no_image_of_an_address_that_is_none(api: APIClient, item: str) -> None:
    assert post(api, "/like", json.dumps({"id": "v", "itemId": item}).encode()) == 404
    seen = {"id": "v", "itemId": None, "impression": [item]}
    assert post(api, "/like", json.dumps(seen).encode()) == 200


@pytest.mark.parametrize("parts", [5_000, 50])
@pytest.mark.parametrize("filename", ["", '; filename="f"'])
def test_it_refuses_a_photo_among_many_parts(api: APIClient, parts: int, filename: str) -> None:
    part = f'--x\r\nContent-Disposition: form-data; name="a"{filename}\r\n\r\nv\r\n'
    assert post(api, "/emotion", (part * parts + "--x--\r\n").encode(), "multipart/form-data; boundary=x") == 400


def test_it_refuses_a_field_larger_than_a_photo(api: APIClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"v" * 5_500_000 + b"\r\n--x--\r\n"
    assert post(api, "/emotion", body, "multipart/form-data; boundary=x") == 413


def test_it_refuses_a_jpeg_that_repeats_its_scans(api: APIClient) -> None:
    """Decoded, these 5 MB keep a core busy for half an hour."""
    photo = repeated_scans(4_992, 100_000)
    began = time.process_time()
    answer = show_photo(api, photo)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_photo")
    assert time.process_time() - began < 10


@pytest.mark.parametrize("path", ["a" * 300, "a/" * 3_000, "%00", "../garden.sqlite3", "%2e%2e/garden.sqlite3"])
def test_it_has_no_picture_of_an_impossible_name(api: APIClient, path: str) -> None:
    assert api.get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/image", "/image/code.svg"])
def test_it_has_no_souvenir_of_a_nul(api: APIClient, path: str) -> None:
    assert api.get(path, {"content": "emotions/calm/\0"}).status_code == 404
