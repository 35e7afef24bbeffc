"""A version becomes a picture: new, or in the place of another; no file under a release changes."""

import io
import json
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image as Pillow

from curation.errors import EmotionMissingError
from curation.models import BulkOperation, Release
from curation.services.operations import publish_images, undo_operation
from curation.services.retouching import publish_version
from garden.models import Image
from garden.souvenirs.provenance import read_xmp
from generation.models import Version
from generation.queue.worker import work
from generation.retouch.pixels import encode_png
from generation.retouch.settings import Crop
from generation.retouch.versions import compose, open_image, open_upload, read_file, with_opacity
from tests.curation.cast import member, rows_without_file, serving
from tests.generation.jobs import ask_for
from tests.generation.retouch.samples import ask, edit, made, noisy, picture

pytestmark = pytest.mark.django_db


def served(name: str = "a") -> Image:
    publish_images(images=[picture(name).pk], by=None)
    return Image.objects.serving().get(key=f"emotions/calm/img_{name}_0h.jpeg")


def publish(client: Client, version: Version, **asked: Any) -> Any:
    url = f"/curation/retouch/versions/{version.pk}/publish"
    return client.post(url, json.dumps(asked), content_type="application/json")


def test_a_new_picture_waits_in_the_pool_and_knows_how_it_was_made(pia: Any) -> None:
    version = made(open_image(image=picture(), by=None), prompt=["fog"], strength=0.4)
    image = publish_version(version=version, by=pia).image
    assert (image.key, image.state) == ("imgPool/calm/img_a_0-r1h.jpeg", "pool")
    assert (image.prompt, image.parameters["strength"], image.parameters["version"]) == ("fog", 0.4, str(version.pk))
    content = read_file(image.key)
    with Pillow.open(io.BytesIO(content)) as jpeg:
        shown = np.asarray(jpeg.convert("RGB")).astype(int)
    assert np.abs(shown - compose(version)).mean() < 8
    assert "composite" in read_xmp(content)["Iptc4xmpExt:DigitalSourceType"]


def test_the_same_version_is_published_once_and_the_next_gets_the_next_key(pia: Any) -> None:
    version = made(open_image(image=picture(), by=None))
    first, again = (publish_version(version=version, by=pia).image for _ in range(2))
    assert first == again
    fainter = with_opacity(version=version, opacity=0.3, by=pia)
    assert publish_version(version=fainter, by=pia).image.key == "imgPool/calm/img_a_0-r2h.jpeg"


def test_it_can_go_into_the_garden_at_once(pia: Any) -> None:
    version = made(open_image(image=picture(), by=None))
    published = publish_version(version=version, by=pia, serve=True)
    assert serving() == {"emotions/calm/img_a_0-r1h.jpeg"}
    assert published.operation is not None
    assert published.image.state == "published"


def test_it_takes_the_place_of_a_served_picture_in_one_release(pia: Any) -> None:
    old = served()
    content = read_file(old.key)
    version = made(open_image(image=old, by=None))
    before = Release.objects.count()
    published = publish_version(version=version, by=pia, in_place=True, note="the corner")
    old.refresh_from_db()
    assert serving() == {"emotions/calm/img_a_0-r1h.jpeg"}
    assert old.state == "shelved"
    assert read_file(old.key) == content
    assert Release.objects.count() == before + 1
    release = Release.objects.latest("id")
    assert (release.added, release.removed, release.note, release.by) == (1, 1, "the corner", pia)
    assert Image.objects.serving().get().published_at == old.published_at
    assert published.operation is not None
    assert not rows_without_file()


def test_taking_its_place_can_be_undone(pia: Any) -> None:
    old = served()
    published = publish_version(version=made(open_image(image=old, by=None)), by=pia, in_place=True)
    assert published.operation is not None
    assert undo_operation(operation=published.operation, by=pia).state == BulkOperation.State.DONE
    assert serving() == {old.key}
    assert Image.objects.get(pk=published.image.pk).state == "pool"


def test_requested_twice_it_takes_the_place_once(pia: Any) -> None:
    version = made(open_image(image=served(), by=None))
    first, again = (publish_version(version=version, by=pia, in_place=True).operation for _ in range(2))
    assert first == again == BulkOperation.objects.get(kind="replace")
    assert len(serving()) == 1


def test_in_the_pool_the_old_one_goes_to_the_trash(pia: Any) -> None:
    old = picture()
    publish_version(version=made(open_image(image=old, by=None)), by=pia, in_place=True)
    old.refresh_from_db()
    assert old.state == "trash"
    assert Image.objects.pool().get().key == "imgPool/calm/img_a_0-r1h.jpeg"


def test_an_upload_needs_an_emotion(pia: Any) -> None:
    version = made(open_upload(content=encode_png(noisy()), title="mine.png", by=None))
    with pytest.raises(EmotionMissingError):
        publish_version(version=version, by=pia)
    image = publish_version(version=version, by=pia, emotion="happy", favorite="cat").image
    assert (image.emotion, image.favorite, image.orientation) == ("happy", "cat", "landscape")


def test_only_who_may_publish_changes_the_garden(client: Client) -> None:
    version = made(open_image(image=served(), by=None))
    curator = Client()
    curator.force_login(member("curator"))
    assert publish(curator, version, place="old").status_code == 403
    assert publish(curator, version, serve=True).status_code == 403
    assert publish(curator, version).status_code == 200
    answer = publish(client, version, place="old")
    assert answer.status_code == 200
    assert BulkOperation.objects.get(pk=answer.json()["act"]).kind == "replace"


def test_the_same_edit_runs_on_the_siblings(client: Client) -> None:
    ask_for(3, name="bunch", size=64)
    work(engines=["quick"])
    first, second, third = Image.objects.order_by("id")
    stranger = picture("elsewhere")
    [version] = ask([edit(open_image(image=first, by=None), crop=Crop(0, 0, 64, 64), strength=0.6)])
    work(engines=["quick"])
    url = f"/curation/retouch/versions/{version.pk}/siblings"
    assert {image["id"] for image in client.get(url).json()["images"]} == {second.pk, third.pk}
    answer = client.post(url, json.dumps({"images": [second.pk, third.pk]}), content_type="application/json")
    assert answer.status_code == 201
    work(engines=["quick"])
    done = Version.objects.filter(slot__job=answer.json()["job"])
    assert {(one.state, one.repeats, one.seed, one.chosen["strength"]) for one in done} == {
        ("done", version, version.seed, 0.6)
    }
    other = client.post(url, json.dumps({"images": [stranger.pk]}), content_type="application/json")
    assert (other.status_code, other.json()["field"]) == (400, "images")


def test_in_place_of_an_original_it_replaces_the_published_copy(pia: Any) -> None:
    copy = served()
    original = Image.objects.get(published_as=copy)
    publish_version(version=made(open_image(image=original, by=None)), by=pia, in_place=True)
    copy.refresh_from_db()
    assert (copy.state, serving()) == ("shelved", {"emotions/calm/img_a_0-r1h.jpeg"})
