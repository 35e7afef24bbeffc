"""Emotion and favorite of pictures are changed in bulk, published under the new ones, and changed back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from curation.errors import NotAllowedError
from curation.models import BulkOperation, Release, ReleaseChange
from curation.services.operations import begin_operation, publish_images, roll_back, run_operation, undo_operation
from curation.services.publishing import Publish
from curation.services.releases import start_due_releases
from garden.models import Image
from recommend.backends.embedded.candidates import CandidatePool
from tests.curation.cast import member, picture, pool, serving

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


def test_a_picture_that_visitors_see_changes_its_garden_and_keeps_its_address() -> None:
    (original,) = pool(1)
    publish_images(images=[original.pk], by=None)
    image = Image.objects.serving().get()
    operation = begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    assert (operation.state, operation.total, labels(image, original)) == ("done", 1, [("sad", ""), ("sad", "")])
    assert serving() == {image.key}
    changes = ReleaseChange.objects.filter(release__operation=operation, release__number__isnull=False)
    assert set(changes.values_list("release__garden", "change")) == {("calm", "remove"), ("sad", "add")}

    undone = undo_operation(operation=operation, by=None)
    assert (undone.state, labels(image, original)) == ("done", [("calm", ""), ("calm", "")])
    changes = ReleaseChange.objects.filter(release__operation=undone)
    assert set(changes.values_list("release__garden", "change")) == {("sad", "remove"), ("calm", "add")}


def test_another_favorite_of_a_picture_that_visitors_see_is_no_release() -> None:
    publish_images(images=[pool(1)[0].pk], by=None)
    image = Image.objects.serving().get()
    operation = begin_operation(kind="label", images=[image.pk], labels={"favorite": "cat"}, by=None)
    assert (operation.state, labels(image)) == ("done", [("calm", "cat")])
    assert not operation.releases.exists()


def test_a_return_to_an_earlier_release_leaves_pictures_of_other_gardens_alone() -> None:
    publish_images(images=[pool(1)[0].pk], by=None)
    image = Image.objects.serving().get()
    begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    roll_back(garden="calm", number=0, by=None)
    assert (serving(), labels(image)) == ({image.key}, [("sad", "")])
    roll_back(garden="sad", number=0, by=None)
    assert serving() == set()


def test_what_visitors_see_is_relabelled_by_those_who_may_publish() -> None:
    publish_images(images=[pool(1)[0].pk], by=None)
    image = Image.objects.serving().get()
    with pytest.raises(NotAllowedError):
        begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=member("curator"))
    publisher = member("publisher")
    operation = begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=publisher)
    with pytest.raises(NotAllowedError):
        undo_operation(operation=operation, by=User.objects.get(username="curator"))
    assert labels(image) == [("sad", "")]


def test_a_withdrawn_picture_that_got_another_emotion_is_published_again_at_its_address() -> None:
    (original,) = pool(1)
    published = publish_images(images=[original.pk], by=None)
    copy = Image.objects.serving().get()
    undo_operation(operation=published, by=None)
    begin_operation(kind="label", images=[original.pk], labels={"emotion": "sad"}, by=None)
    again = publish_images(images=[original.pk], by=None)
    assert (again.state, again.error) == ("done", "")
    assert (serving(), labels(copy)) == ({copy.key}, [("sad", "")])


def test_a_scheduled_release_leaves_out_what_got_another_emotion() -> None:
    (original,) = pool(1)
    soon = timezone.now() + timedelta(hours=1)
    publish_images(images=[original.pk], by=None, schedule=soon)
    copy = Image.objects.get(published_from=original)
    begin_operation(kind="label", images=[copy.pk], labels={"emotion": "sad"}, by=None)
    Release.objects.scheduled().update(goes_live_at=timezone.now())
    start_due_releases()
    assert serving() == set()


def test_the_recommender_offers_it_for_its_new_emotion_alone() -> None:
    publish_images(images=[pool(1)[0].pk], by=None)
    image = Image.objects.serving().get()
    offered = CandidatePool(poll_seconds=0, overlap_seconds=60)

    def keys(emotion: str) -> list[str]:
        return [key for _, keys in offered.candidates(emotion, None).values() for key in keys]

    assert keys("calm") == [image.key]
    begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)
    assert (keys("calm"), keys("sad")) == ([], [image.key])


def test_a_picture_that_is_being_published_keeps_its_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    (image,) = pool(1)

    def relabel(_deed: Publish, _act: BulkOperation) -> None:
        monkeypatch.undo()
        begin_operation(kind="label", images=[image.pk], labels={"emotion": "sad"}, by=None)

    monkeypatch.setattr(Publish, "prepare", relabel)
    run_operation(operation_id=publish_images(images=[image.pk], by=None).pk)
    assert labels(image) == [("calm", "")]
