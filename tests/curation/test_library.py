"""The library's routes: all states at once, likeness, collections, uploads and downloads."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from curation.models import Collection
from garden.models import Image
from garden.services import register_image
from garden.souvenirs.provenance import read_xmp
from generation.provenance import DigitalSourceType, Facts, encode_facts
from tests.curation.cast import member
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db

SERVING, POOL, TRASH = Image.State.SERVING, Image.State.POOL, Image.State.TRASH


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(member("curator"))
    return client


def listed(client: Client, **query: Any) -> list[int]:
    answer = client.get("/curation/images", query)
    assert answer.status_code == 200, answer.content
    return [image["id"] for image in answer.json()["images"]]


def picture(name: str, prompt: str = "", **fields: Any) -> int:
    key = f"imgPool/{fields.get('emotion', 'calm')}/{name}h.jpeg"
    image: Image = ImageFactory.create(key=key, prompt=prompt, published_at=None, **{"state": POOL, **fields})
    return image.pk


def jpeg(color: tuple[int, int, int] = (90, 160, 120), size: tuple[int, int] = (160, 100)) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(file, "JPEG")
    return file.getvalue()


def upload(client: Client, content: bytes, name: str = "old gate.jpg", **fields: str) -> Any:
    file = SimpleUploadedFile(name, content, "image/jpeg")
    return client.post("/curation/images", {"file": file, **fields})


def test_it_lists_all_states_at_once_without_originals_of_published_pictures(curator: Client) -> None:
    waiting = picture("a")
    original = picture("b", state=Image.State.PUBLISHED)
    copy = ImageFactory(key="emotions/calm/bh.jpeg", published_from_id=original).pk
    removed = picture("c")
    Image.objects.filter(pk=removed).withdraw()
    assert listed(curator, state="all") == [removed, copy, waiting]
    assert listed(curator, state="all", emotion="calm", verdict="undecided", q="gate") == []
    counts = curator.get("/curation/counts", {"state": "all"}).json()
    assert counts["all"] == 3


def test_it_lists_the_most_similar_pictures_first(curator: Client) -> None:
    picture("far", "stone desert, noon", emotion="sad")
    near = picture("near", "white cat under a maple, autumn, evening", favorite="cat")
    nearer = picture("nearer", "white cat under an old maple, autumn, evening, mist", favorite="cat")
    one = picture("one", "white cat under an old maple, autumn, evening", favorite="cat")
    assert listed(curator, state="pool", like=one)[:3] == [one, nearer, near]
    assert listed(curator, state="serving", like=one) == []
    assert listed(curator, state="all", like=10**9) == []


def test_it_puts_pictures_into_a_collection_once_and_takes_them_out(curator: Client) -> None:
    first, second = picture("a"), picture("b")

    def collect(**data: Any) -> Any:
        return curator.post("/curation/collections", json.dumps({"name": "Spring", **data}), "application/json")

    assert collect(images=[first, second, 10**9]).json()["changed"] == 2
    again = collect(images=[first])
    assert (again.json()["changed"], again.json()["count"]) == (0, 2)
    number = Collection.objects.get(name="Spring").pk
    assert listed(curator, state="all", collection=number) == [second, first]
    assert collect(images=[second], remove=True).json()["changed"] == 1
    assert listed(curator, state="pool", collection=number) == [first]
    assert curator.get("/curation/collections").json() == [{"id": number, "name": "Spring", "count": 1}]


def test_it_lets_viewers_look_at_collections_and_change_none(client: Client) -> None:
    client.force_login(member("viewer"))
    assert client.get("/curation/collections").status_code == 200
    data = json.dumps({"name": "Spring", "images": []})
    assert client.post("/curation/collections", data, "application/json").status_code == 403
    assert upload(client, jpeg()).status_code == 403


def test_it_keeps_an_uploaded_picture_once_with_nothing_of_the_file_but_its_pixels(curator: Client) -> None:
    exif = PIL.Image.Exif()
    exif[0x010F] = "a camera"
    file = io.BytesIO()
    PIL.Image.new("RGB", (100, 160), (90, 160, 120)).save(file, "JPEG", exif=exif)
    answer = upload(curator, file.getvalue(), "old_gate-2.jpg", emotion="calm", favorite="gate")
    assert answer.status_code == 201
    assert upload(curator, file.getvalue(), emotion="calm", favorite="gate").status_code == 200
    image = Image.objects.get()
    assert (image.pk, image.state, image.emotion, image.favorite) == (answer.json()["id"], POOL, "calm", "gate")
    assert (image.orientation, image.width, image.height, image.prompt) == ("portrait", 100, 160, "old gate 2")
    with default_storage.open(image.key) as stored:
        content = stored.read()
    assert b"a camera" not in content
    assert "Iptc4xmpExt:DigitalSourceType" not in read_xmp(content)


def test_it_keeps_what_an_uploaded_file_says_of_how_it_was_made(curator: Client) -> None:
    made = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
    facts = Facts(source_type=made, engine="x", model="y", prompt="z", made_at=Image().created_at)
    content = encode_facts(PIL.Image.new("RGB", (160, 100)), facts)
    image = Image.objects.get(pk=upload(curator, content).json()["id"])
    with default_storage.open(image.key) as stored:
        assert read_xmp(stored.read())["Iptc4xmpExt:DigitalSourceType"] == made


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        (b"GIF89a", {}, "file"),
        (jpeg(), {"emotion": "bored"}, "emotion"),
        (jpeg(), {"emotion": "calm", "favorite": "a/b"}, "favorite"),
    ],
)
def test_it_refuses_what_is_no_picture_or_has_no_place(
    curator: Client, content: bytes, fields: dict[str, str], field: str
) -> None:
    answer = upload(curator, content, **fields)
    assert answer.status_code in (400, 422)
    assert field in answer.content.decode()
    assert not Image.objects.exists()


def test_it_sends_pictures_as_one_archive_without_those_whose_file_is_missing(curator: Client) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 160, 3), dtype=np.uint8)
    file = io.BytesIO()
    PIL.Image.fromarray(noise).save(file, "JPEG")
    there = register_image(key="imgPool/calm/img_1h.jpeg", content=file.getvalue(), origin="painter")
    missing = picture("gone")
    answer = curator.get("/curation/images/download", {"ids": f"{there.pk},{missing}"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert {name: archive.read(name) for name in archive.namelist()} == {there.key: file.getvalue()}
    assert curator.get("/curation/images/download", {"ids": "all"}).status_code == 400
