import hashlib

import pytest
from django.core.files.storage import default_storage

from garden.models import Image
from garden.services import register_image
from garden.storage.keys import InvalidKeyError
from tests import pictures

pytestmark = pytest.mark.django_db
KEY = "emotions/calm/cat/img_20230320-121242_6v.jpeg"


def register(key: str = KEY, content: bytes | None = None) -> Image:
    return register_image(
        key=key, content=content or pictures.coffee(), origin="painter", prompt="calm, cat", parameters={"seed": 6}
    )


def test_it_describes_the_picture_from_its_key_and_content() -> None:
    image = register()
    assert (image.emotion, image.favorite, image.orientation, image.state) == ("calm", "cat", "portrait", "serving")
    assert (image.width, image.height) == (600, 400)
    assert image.content_hash == hashlib.sha256(pictures.coffee()).hexdigest()
    assert image.published_at is not None
    assert image.parameters == {"seed": 6}


def test_it_puts_a_pool_picture_in_the_pool_unpublished() -> None:
    image = register("imgPool/calm/img_1_0h.jpeg")
    assert (image.state, image.published_at) == ("pool", None)


def test_it_writes_the_file_under_exactly_the_key() -> None:
    register()
    with default_storage.open(KEY) as stored:
        assert stored.read() == pictures.coffee()


def test_it_is_one_image_however_often_it_is_registered() -> None:
    first, second = register(), register()
    assert first.pk == second.pk
    assert default_storage.listdir("emotions/calm/cat") == ([], ["img_20230320-121242_6v.jpeg"])


def test_it_replaces_the_content_of_a_key_registered_again() -> None:
    register()
    register(content=pictures.portrait())
    assert Image.objects.get().content_hash == hashlib.sha256(pictures.portrait()).hexdigest()


def test_it_stores_nothing_under_a_key_that_does_not_fit() -> None:
    with pytest.raises(InvalidKeyError):
        register("emotions/bored/x.jpeg")
    assert not Image.objects.exists()


def test_it_stores_nothing_that_is_not_a_picture() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        register(content=b"junk")
    assert not Image.objects.exists()
    assert not default_storage.exists(KEY)
