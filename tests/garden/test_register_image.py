"""What is stored of a picture: its file, what its key tells, and where curators put it."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from garden.models import Image
from garden.services import register_image
from garden.storage.keys import InvalidKeyError
from tests.support import pictures
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/cat/img_20230320-121242_6v.jpeg"


def register(key: str = KEY, content: bytes | None = None) -> Image:
    return register_image(
        key=key, content=content or pictures.coffee(), origin="painter", prompt="calm, cat", parameters={"seed": 6}
    )


def test_it_describes_the_picture_from_its_key_and_content_and_writes_its_file() -> None:
    image = register()
    assert (image.emotion, image.favorite, image.orientation, image.state) == ("calm", "cat", "portrait", "serving")
    assert (image.width, image.height) == (600, 400)
    assert image.content_hash == hashlib.sha256(pictures.coffee()).hexdigest()
    assert image.published_at is not None
    assert image.parameters == {"seed": 6}
    with default_storage.open(KEY) as stored:
        assert stored.read() == pictures.coffee()
    pool = register("imgPool/calm/img_1_0h.jpeg")
    assert (pool.state, pool.published_at) == ("pool", None)


def test_it_is_one_image_with_the_newest_content_however_often_it_is_registered() -> None:
    first, second = register(), register(content=pictures.portrait())
    assert first.pk == second.pk
    assert default_storage.listdir("emotions/calm/cat") == ([], ["img_20230320-121242_6v.jpeg"])
    assert Image.objects.get().content_hash == hashlib.sha256(pictures.portrait()).hexdigest()


def test_it_stores_nothing_under_a_wrong_key_and_nothing_that_is_not_a_picture() -> None:
    with pytest.raises(InvalidKeyError):
        register("emotions/bored/x.jpeg")
    with pytest.raises(OSError, match="cannot identify"):
        register(content=b"junk")
    assert not Image.objects.exists()
    assert not default_storage.exists(KEY)


@pytest.mark.parametrize("state", [Image.State.POOL, Image.State.PUBLISHED, Image.State.TRASH])
def test_a_pool_picture_keeps_its_state_verdict_and_emotion(state: str) -> None:
    image = ImageFactory.create(key="imgPool/img_1_0h.jpeg", state=state, emotion="calm", verdict="like", rating=4)
    Image.objects.filter(pk=image.pk).update(emotion="calm")
    register_image(key=image.key, content=pictures.portrait(), origin="painter", prompt="anew")
    again = Image.objects.get()
    assert (again.state, again.verdict, again.rating, again.emotion) == (state, "like", 4, "calm")
    assert (again.prompt, again.width) == ("anew", 512)


@pytest.mark.parametrize("state", [Image.State.SERVING, Image.State.SHELVED, Image.State.TRASH])
def test_a_picture_of_the_garden_keeps_its_state_and_its_place(state: str) -> None:
    image = ImageFactory.create(key="emotions/calm/img_1_0h.jpeg", state=state)
    register_image(key=image.key, content=pictures.portrait(), origin="painter")
    again = Image.objects.get()
    assert (again.state, again.published_at) == (state, image.published_at)
