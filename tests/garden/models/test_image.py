from typing import Any

import pytest
from django.db import IntegrityError, transaction

from garden.models import Image
from tests.factories import ImageFactory

pytestmark = pytest.mark.django_db


def make(key: str, **described: Any) -> Image:
    image: Image = ImageFactory.create(key=key, **described)
    return image


def test_it_keeps_a_key_byte_for_byte() -> None:
    key = "emotions/happy/봄 꽃,día/img_2023039-20405_0h.JPEG"
    make(key)
    assert Image.objects.get().key == key


def test_it_has_each_key_once() -> None:
    make("emotions/calm/a_0h.jpeg")
    with pytest.raises(IntegrityError), transaction.atomic():
        make("emotions/calm/a_0h.jpeg")


def test_it_tells_keys_apart_that_differ_in_case() -> None:
    make("emotions/calm/a_0h.jpeg")
    make("emotions/calm/A_0h.jpeg")
    assert Image.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("emotion", "bored", "image_emotion_known"),
        ("emotion", "", "image_serving_has_emotion"),
        ("state", "lost", "image_state_known"),
        ("orientation", "diagonal", "image_orientation_known"),
        ("width", 0, "image_has_pixels"),
        ("published_at", None, "image_serving_is_published"),
    ],
)
def test_the_database_refuses_what_cannot_be(field: str, value: object, constraint: str) -> None:
    image = make("emotions/calm/a_0h.jpeg")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Image.objects.filter(pk=image.pk).update(**{field: value})


def test_it_lists_an_emotion_without_favorite_apart_from_its_favorites() -> None:
    plain, cat = make("emotions/calm/a_0h.jpeg"), make("emotions/calm/cat/a_0h.jpeg")
    make("emotions/sad/cat/a_0h.jpeg")
    assert list(Image.objects.of_emotion("calm", "")) == [plain]
    assert list(Image.objects.of_emotion("calm", "cat")) == [cat]
    assert set(Image.objects.of_emotion("calm")) == {plain, cat}


def test_it_withdraws_and_restores_to_where_the_key_belongs() -> None:
    made, shown = make("imgPool/calm/a_0h.jpeg"), make("emotions/calm/a_0h.jpeg")
    assert Image.objects.all().withdraw() == 2
    assert Image.objects.in_trash().count() == 2
    assert Image.objects.all().restore() == 2
    assert list(Image.objects.pool()) == [made]
    assert list(Image.objects.serving()) == [shown]


def test_it_notes_the_change_when_an_image_moves() -> None:
    image = make("emotions/calm/a_0h.jpeg")
    Image.objects.all().withdraw()
    moved = Image.objects.get()
    assert moved.changed_at > image.changed_at
    assert moved.trashed_at is not None
