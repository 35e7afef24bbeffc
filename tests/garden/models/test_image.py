from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from garden.models import Image
from tests.support.factories import ImageFactory

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


def test_it_distinguishes_keys_that_differ_in_case() -> None:
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
        ("state", "trash", "image_trash_knows_its_way_back"),
        ("trashed_from", "pool", "image_trash_knows_its_way_back"),
        ("verdict", "maybe", "image_verdict_known"),
        ("rating", 6, "image_rating_is_1_to_5"),
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


def test_the_trash_remembers_where_a_picture_was() -> None:
    shelved = make("emotions/calm/a_0h.jpeg", state=Image.State.SHELVED)
    Image.objects.all().withdraw()
    Image.objects.all().restore()
    assert list(Image.objects.shelved()) == [shelved]


def test_an_original_returns_to_the_pool_only_while_no_copy_of_it_is_in_the_garden() -> None:
    shown = make("imgPool/calm/a_0h.jpeg")
    unpublished = make("imgPool/calm/b_0h.jpeg", state=Image.State.PUBLISHED)
    Image.objects.all().withdraw()
    make("emotions/calm/a_0h.jpeg", published_from=shown)
    Image.objects.in_trash().restore()
    shown.refresh_from_db()
    unpublished.refresh_from_db()
    assert (shown.state, unpublished.state) == (Image.State.PUBLISHED, Image.State.POOL)


def test_a_souvenir_outlives_a_release_but_not_the_trash() -> None:
    shown = make("emotions/calm/a_0h.jpeg")
    shelved = make("emotions/calm/b_0h.jpeg", state=Image.State.SHELVED)
    make("emotions/calm/c_0h.jpeg", state=Image.State.SHELVED, published_at=None)
    make("emotions/calm/d_0h.jpeg", state=Image.State.TRASH)
    make("imgPool/calm/e_0h.jpeg")
    assert set(Image.objects.viewable()) == {shown, shelved}


def test_both_orientations_come_in_one_statement(django_assert_max_num_queries: Any) -> None:
    for name in ("a_0h", "b_0v", "c_0h", "d_0h"):
        make(f"emotions/calm/{name}.jpeg")
    with django_assert_max_num_queries(1):
        found = Image.objects.serving().newest_first().keys_by_orientation(1, 3)
    assert found == {"landscape": ["emotions/calm/c_0h.jpeg", "emotions/calm/a_0h.jpeg"], "portrait": []}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of no rows whole")
@pytest.mark.parametrize(
    "narrowed", [{}, {"emotion": "calm"}, {"verdict": "like"}, {"verdict": "like", "emotion": "calm"}]
)
def test_a_page_of_curators_is_read_off_an_index(narrowed: dict[str, str]) -> None:
    """No sorting, however many rows there are."""
    plan = Image.objects.filter(state="pool", **narrowed).before_id(1_000_000)[:60].explain()
    assert "image_page" in plan
    assert "TEMP B-TREE" not in plan


def test_it_notes_the_change_when_an_image_moves() -> None:
    image = make("emotions/calm/a_0h.jpeg")
    Image.objects.all().withdraw()
    moved = Image.objects.get()
    assert moved.changed_at > image.changed_at
    assert moved.trashed_at is not None
