"""Publishing, removing and undoing: what each act does, once."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.signals import post_init

from curation.errors import EmotionMissingError, ImageKeyTakenError, OperationConflictError
from curation.models import BulkOperation, Garden, Release
from curation.services.operations import (
    AT_ONCE,
    begin_operation,
    publish_images,
    remove_images,
    restore_images,
    run_operation,
    undo_operation,
    withdraw_images,
)
from curation.services.publishing import Publish
from garden.models import Image
from tests.curation.cast import member, picture, pool, rows_without_file, serving
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db
State = Image.State


def ids(images: list[Image]) -> list[int]:
    return [image.pk for image in images]


def states(images: list[Image]) -> set[str]:
    return set(Image.objects.filter(pk__in=ids(images)).values_list("state", flat=True))


class TestPublishing:
    def test_it_makes_a_copy_in_the_garden_and_a_release(self) -> None:
        images, curator = pool(3), member("publisher")
        operation = publish_images(images=ids(images), by=curator, note="spring")
        assert (operation.state, operation.total, operation.done) == ("done", 3, 3)
        assert serving() == {image.key.replace("imgPool", "emotions") for image in images}
        assert states(images) == {State.PUBLISHED}
        assert rows_without_file() == []
        release = Release.objects.get()
        assert (release.number, release.added, release.by, release.note) == (1, 3, curator, "spring")
        assert Garden.objects.get(pk="calm").live == release

    def test_it_refuses_pictures_without_an_emotion_and_names_them(self) -> None:
        images = [*pool(1), picture("imgPool/img_1_0h.jpeg", published_at=None)]
        with pytest.raises(EmotionMissingError, match=r"imgPool/img_1_0h\.jpeg"):
            publish_images(images=ids(images), by=None)
        assert not BulkOperation.objects.exists()

    @pytest.mark.parametrize("emotion", ["calm", ""])
    def test_an_emotion_that_changed_while_it_waited_fails_the_act(
        self, monkeypatch: pytest.MonkeyPatch, emotion: str
    ) -> None:
        monkeypatch.setattr("curation.services.operations.AT_ONCE", 0)
        image = picture("imgPool/img_1_0h.jpeg", published_at=None)
        named = Image.objects.filter(pk=image.pk)
        named.update(emotion="sad")
        operation = publish_images(images=[image.pk], by=None)
        named.update(emotion=emotion)
        operation = run_operation(operation_id=operation.pk)
        assert operation.state == "failed"
        assert image.key in operation.error
        assert serving() == set()

    def test_it_refuses_a_key_under_which_another_picture_is_published(self) -> None:
        picture("emotions/calm/img_0_0h.jpeg")
        with pytest.raises(ImageKeyTakenError, match=r"emotions/calm/img_0_0h\.jpeg"):
            publish_images(images=ids(pool(1)), by=None)

    def test_two_pictures_do_not_share_a_key(self) -> None:
        images = [picture("imgPool/img_0_0h.jpeg", published_at=None), *pool(1)]
        Image.objects.filter(pk=images[0].pk).update(emotion="calm")
        with pytest.raises(ImageKeyTakenError, match="under one key"):
            publish_images(images=ids(images), by=None)

    def test_an_original_and_its_shelved_copy_are_one_picture(self) -> None:
        images = pool(1)
        undo_operation(operation=publish_images(images=ids(images), by=None), by=None)
        images.append(Image.objects.shelved().get())
        operation = publish_images(images=ids(images), by=None)
        assert (operation.state, operation.total) == ("done", 1)
        assert len(serving()) == 1

    def test_it_takes_over_an_import_of_the_same_file(self) -> None:
        copy = picture("emotions/calm/img_0_0h.jpeg", content_hash="same")
        image = picture("imgPool/calm/img_0_0h.jpeg", content_hash="same", published_at=None)
        publish_images(images=[image.pk], by=None)
        copy.refresh_from_db()
        assert copy.published_from == image
        assert states([image]) == {State.PUBLISHED}
        assert not Release.objects.exists()

    def test_a_missing_file_fails_the_act_as_a_whole(self) -> None:
        gone: Image = ImageFactory.create(key="imgPool/calm/gone_0h.jpeg", published_at=None)
        images = [*pool(1), gone]
        operation = publish_images(images=ids(images), by=None)
        assert operation.state == "failed"
        assert "imgPool/calm/gone_0h.jpeg" in operation.error
        assert serving() == set()
        assert states(images) == {State.POOL}

    def test_a_failed_act_started_again_is_finished(self) -> None:
        images = pool(2)
        default_storage.delete(images[0].key)
        operation = publish_images(images=ids(images), by=None)
        default_storage.save(images[0].key, ContentFile(b"found again"))
        assert begin_operation(kind="publish", by=None, operation_id=operation.pk).state == "done"
        assert len(serving()) == 2


class TestRemoving:
    def test_it_moves_to_the_trash_and_takes_out_of_the_garden(self) -> None:
        shown, waiting = picture("emotions/calm/a_0h.jpeg"), pool(1)[0]
        operation = remove_images(images=[shown.pk, waiting.pk], by=member("curator"), note="blurred")
        assert states([shown, waiting]) == {State.TRASH}
        assert operation.note == "blurred"
        assert Release.objects.get().removed == 1

    def test_it_restores_each_to_where_it_was(self) -> None:
        shown, waiting = picture("emotions/calm/a_0h.jpeg"), pool(1)[0]
        shelved = picture("emotions/calm/b_0h.jpeg", state=State.SHELVED)
        images = [shown, waiting, shelved]
        remove_images(images=ids(images), by=None)
        restore_images(images=ids(images), by=None)
        assert states([shown]) == {State.SERVING}
        assert states([waiting]) == {State.POOL}
        assert states([shelved]) == {State.SHELVED}
        assert list(Release.objects.order_by("number").values_list("added", "removed")) == [(0, 1), (1, 0)]

    def test_withdrawing_keeps_the_picture_out_of_the_trash(self) -> None:
        shown = picture("emotions/calm/a_0h.jpeg")
        withdraw_images(images=[shown.pk], by=None)
        assert states([shown]) == {State.SHELVED}
        assert default_storage.exists(shown.key)


class TestUndo:
    def test_a_publication_goes_back_to_the_pool(self) -> None:
        images = pool(2)
        operation = publish_images(images=ids(images), by=None)
        undo_operation(operation=operation, by=None)
        assert serving() == set()
        assert states(images) == {State.POOL}
        assert Image.objects.shelved().count() == 2
        publish_images(images=ids(images), by=None)
        assert len(serving()) == 2
        assert Image.objects.count() == 4

    def test_it_leaves_alone_what_somebody_moved_since(self) -> None:
        images = pool(3)
        operation = remove_images(images=ids(images), by=None)
        restore_images(images=[images[0].pk], by=None)
        again = remove_images(images=[images[0].pk], by=None)
        undo_operation(operation=operation, by=None)
        assert states(images[:1]) == {State.TRASH}
        assert states(images[1:]) == {State.POOL}
        undo_operation(operation=again, by=None)
        assert states(images[:1]) == {State.POOL}

    def test_an_original_whose_copy_was_there_before_does_not_come_back_to_the_pool(self) -> None:
        picture("emotions/calm/img_0_0h.jpeg", content_hash="same")
        image = picture("imgPool/calm/img_0_0h.jpeg", content_hash="same", published_at=None)
        undo_operation(operation=publish_images(images=[image.pk], by=None), by=None)
        assert states([image]) == {State.PUBLISHED}
        assert len(serving()) == 1

    def test_an_undo_requested_twice_is_done_once(self) -> None:
        images = pool(1)
        operation = remove_images(images=ids(images), by=None)
        assert undo_operation(operation=operation, by=None) == undo_operation(operation=operation, by=None)
        assert BulkOperation.objects.count() == 2

    def test_an_undo_works_although_its_id_is_taken(self) -> None:
        operation = publish_images(images=ids(pool(1)), by=None)
        begin_operation(kind="remove", by=None, operation_id=uuid.uuid5(operation.pk, "undo"))
        assert undo_operation(operation=operation, by=None).kind == "undo"

    def test_an_undo_is_not_undone(self) -> None:
        operation = undo_operation(operation=remove_images(images=ids(pool(1)), by=None), by=None)
        with pytest.raises(OperationConflictError):
            undo_operation(operation=operation, by=None)

    def test_the_id_of_an_undo_cannot_be_taken_beforehand(self) -> None:
        operation = publish_images(images=ids(pool(1)), by=None)
        begin_operation(kind="remove", by=None, operation_id=uuid.uuid5(operation.pk, "undo"))
        assert undo_operation(operation=operation, by=None).kind == "undo"


class TestIdempotency:
    def test_the_same_id_twice_is_one_act(self) -> None:
        images, operation_id, curator = pool(1), uuid.uuid4(), member("publisher")
        for _ in range(2):
            begin_operation(kind="publish", by=curator, images=ids(images), operation_id=operation_id)
        assert BulkOperation.objects.count() == Release.objects.count() == 1

    def test_an_id_belongs_to_one_act(self) -> None:
        images, operation_id = pool(1), uuid.uuid4()
        begin_operation(kind="publish", by=None, images=ids(images), operation_id=operation_id)
        with pytest.raises(OperationConflictError):
            begin_operation(kind="remove", by=None, images=ids(images), operation_id=operation_id)

    def test_a_worker_that_fails_late_does_not_unfinish_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fall_behind(_deed: Publish, operation: BulkOperation) -> None:
            monkeypatch.undo()
            run_operation(operation_id=operation.pk)
            raise OSError

        monkeypatch.setattr(Publish, "prepare", fall_behind)
        assert publish_images(images=ids(pool(1)), by=None).state == "done"

    def test_a_second_worker_that_dies_leaves_a_finished_operation_finished(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        operation = remove_images(images=ids(ImageFactory.create_batch(AT_ONCE + 1)), by=None)

        def finish_first(**_signal: object) -> None:
            """Another worker finishes the act just after this one has read it."""
            post_init.disconnect(finish_first, BulkOperation)
            assert run_operation(operation_id=operation.pk).state == "done"
            monkeypatch.setattr("curation.services.operations._carry_out", die)

        def die(_act: BulkOperation) -> None:
            raise SystemExit

        post_init.connect(finish_first, BulkOperation)
        with pytest.raises(SystemExit):
            run_operation(operation_id=operation.pk)
        assert BulkOperation.objects.get().state == "done"

    def test_a_finished_act_that_is_run_again_changes_nothing(self) -> None:
        images = pool(1)
        operation = publish_images(images=ids(images), by=None)
        remove_images(images=list(Image.objects.serving().values_list("pk", flat=True)), by=None)
        run_operation(operation_id=operation.pk)
        assert serving() == set()


def test_a_large_act_waits_for_a_worker() -> None:
    images = ImageFactory.create_batch(AT_ONCE + 1)
    operation = remove_images(images=ids(images), by=None)
    assert (operation.state, operation.total, operation.done) == ("queued", AT_ONCE + 1, 0)
    assert run_operation(operation_id=operation.pk).state == "done"
    assert not serving()


def test_it_does_nothing_to_what_it_does_not_fit() -> None:
    image = picture("emotions/calm/a_0h.jpeg")
    operation = restore_images(images=[image.pk, 999_999], by=None)
    assert (operation.state, operation.total) == ("done", 0)
