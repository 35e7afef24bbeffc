"""Emotion and favorite of pictures in the pool are changed in bulk, published under the new ones, and changed back."""

import pytest

from curation.models import BulkOperation
from curation.services.operations import begin_operation, publish_images, run_operation, undo_operation
from curation.services.publishing import Publish
from garden.models import Image
from tests.curation.cast import picture, pool, serving

pytestmark = pytest.mark.django_db


def labels(*images: Image) -> list[tuple[str, str]]:
    found = {image.pk: (image.emotion, image.favorite) for image in Image.objects.all()}
    return [found[image.pk] for image in images]


def test_a_picture_without_an_emotion_is_published_once_it_has_one() -> None:
    image = picture("imgPool/img_1_0h.jpeg", published_at=None)
    operation = begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad", "favorite": "cat"}, by=None)
    assert (operation.state, operation.total, labels(image)) == ("done", 1, [("sad", "cat")])
    publish_images(images=[image.pk], by=None)
    assert serving() == {"emotions/sad/cat/img_1_0h.jpeg"}


def test_a_relabelled_picture_is_published_under_its_new_labels() -> None:
    image, other = *pool(1), picture("imgPool/sad/img_0_0h.jpeg", published_at=None)
    begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    publish_images(images=[image.pk, other.pk], by=None)
    assert serving() == {f"emotions/sad/{image.pk}_img_0_0h.jpeg", "emotions/sad/img_0_0h.jpeg"}
    assert set(Image.objects.serving().values_list("emotion", flat=True)) == {"sad"}


def test_what_is_not_named_stays_as_it_is() -> None:
    image = picture("imgPool/calm/cat/img_1_0h.jpeg", published_at=None)
    begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    assert labels(image) == [("sad", "cat")]
    begin_operation(kind="label", images=[image.pk], labels={"favorite": ""}, by=None)
    assert labels(image) == [("sad", "")]


def test_an_undo_gives_each_its_former_labels() -> None:
    images = [*pool(1), picture("imgPool/sad/cat/img_1_0h.jpeg", published_at=None)]
    former = labels(*images)
    operation = begin_operation(
        kind="label", images=[image.pk for image in images], labels={"emotion": "happy", "favorite": "dog"}, by=None
    )
    undone = undo_operation(operation=operation, by=None)
    assert (undone.state, undone.total, labels(*images)) == ("done", 2, former)


def test_an_undo_leaves_alone_what_was_changed_or_published_since() -> None:
    images = pool(3)
    operation = begin_operation(
        kind="label", images=[image.pk for image in images], labels={"emotion": "happy"}, by=None
    )
    begin_operation(kind="label", images=[images[0].pk], labels={"emotion": "angry"}, by=None)
    publish_images(images=[images[1].pk], by=None)
    assert undo_operation(operation=operation, by=None).total == 1
    assert labels(*images) == [("angry", ""), ("happy", ""), ("calm", "")]


def test_published_pictures_keep_their_labels() -> None:
    (image,) = pool(1)
    publish_images(images=[image.pk], by=None)
    operation = begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    assert (operation.total, labels(image)) == (0, [("calm", "")])


def test_a_picture_that_is_being_published_keeps_its_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    (image,) = pool(1)

    def relabel(_deed: Publish, _act: BulkOperation) -> None:
        monkeypatch.undo()
        begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)

    monkeypatch.setattr(Publish, "prepare", relabel)
    run_operation(operation_id=publish_images(images=[image.pk], by=None).pk)
    assert labels(image) == [("calm", "")]
