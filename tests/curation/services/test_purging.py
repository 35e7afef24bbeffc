"""What leaves the trash for good, and what other curators do while files are being copied or deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from curation.library.filters import ImageFilter
from curation.models import BulkOperation, Decision, ReleaseChange
from curation.services import operations
from curation.services.handlers import report
from curation.services.operations import (
    begin_operation,
    publish_images,
    purge_trash,
    remove_images,
    restore_images,
    run_operation,
    undo_operation,
)
from curation.tasks import empty_trash
from garden.models import Image
from garden.storage.thumbnails import thumbnail_key
from tests.curation.cast import picture, pool, rows_without_file, serving

pytestmark = pytest.mark.django_db

NOW = timedelta(0)


def trashed(key: str, days: int = 0) -> Image:
    image = picture(key)
    remove_images(images=[image.pk], by=None)
    Image.objects.filter(pk=image.pk).update(trashed_at=timezone.now() - timedelta(days=days))
    return image


def test_file_thumbnail_and_row_are_gone_and_the_record_stays() -> None:
    image = trashed("emotions/calm/a_0h.jpeg")
    assert default_storage.exists(image.key)
    default_storage.save(thumbnail_key(image.key), ContentFile(b"small"))
    operation = purge_trash(older_than=NOW)
    assert operation is not None
    assert (operation.state, operation.done) == ("done", 1)
    assert not Image.objects.exists()
    assert not default_storage.exists(image.key)
    assert not default_storage.exists(thumbnail_key(image.key))
    assert operation.items.get().key == ReleaseChange.objects.get().key == image.key
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("days", "left"), [(0, 2), (30, 1)])
def test_the_clock_takes_what_is_old_enough(settings: Any, days: int, left: int) -> None:
    trashed("emotions/calm/old_0h.jpeg", days=31)
    trashed("emotions/calm/new_0h.jpeg", days=29)
    settings.CURATION_TRASH_DAYS = days
    empty_trash()
    assert Image.objects.count() == left


def test_the_command_reports_before_it_deletes(capsys: pytest.CaptureFixture[str]) -> None:
    trashed("emotions/calm/a_0h.jpeg", days=31)
    call_command("purge_trash", "--dry-run")
    assert "emotions/calm/a_0h.jpeg\nPictures that would be deleted permanently: 1" in capsys.readouterr().out
    call_command("purge_trash")
    assert "Pictures deleted permanently: 1" in capsys.readouterr().out
    call_command("purge_trash")
    assert "nothing to delete" in capsys.readouterr().out


def test_the_original_of_a_purged_copy_follows_into_the_trash() -> None:
    original = pool(1)[0]
    publish_images(images=[original.pk], by=None)
    remove_images(images=list(Image.objects.serving().values_list("pk", flat=True)), by=None)
    purge_trash(older_than=NOW)
    assert Image.objects.in_trash().get() == original
    restore_images(images=[original.pk], by=None)
    assert Image.objects.pool().get() == original
    publish_images(images=[original.pk], by=None)
    assert serving() == {"emotions/calm/img_0_0h.jpeg"}


def test_a_restored_picture_is_not_purged_by_an_operation_started_before() -> None:
    image = trashed("emotions/calm/a_0h.jpeg")
    operation = BulkOperation.objects.create(kind="purge", total=1)
    operation.items.create(image=image, key=image.key)
    restore_images(images=[image.pk], by=None)
    assert run_operation(operation_id=operation.pk).state == "done"
    assert serving() == {image.key}
    assert rows_without_file() == []


class TestAPictureThatIsBeingPublished:
    """Its copy lies under a key whose older row is in the trash."""

    @pytest.fixture
    def copy(self) -> Image:
        original = pool(1)[0]
        publish_images(images=[original.pk], by=None)
        copy = Image.objects.serving().get()
        remove_images(images=[copy.pk], by=None)
        Image.objects.filter(pk=original.pk).update(state=Image.State.POOL)
        return copy

    def test_it_is_not_purged(self, copy: Image, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            operations, "run_operation", lambda operation_id: BulkOperation.objects.get(pk=operation_id)
        )
        publishing = publish_images(images=[copy.published_from_id or 0], by=None)
        monkeypatch.undo()
        purge_trash(older_than=NOW)
        assert Image.objects.filter(pk=copy.pk).exists()
        assert run_operation(operation_id=publishing.pk).state == "done"
        assert serving() == {copy.key}
        assert rows_without_file() == []

    def test_a_purge_that_stopped_half_way_leaves_its_new_file_alone(self, copy: Image) -> None:
        purge = BulkOperation.objects.create(kind="purge", total=1, state="running", applied_at=timezone.now())
        purge.items.create(key=copy.key, before=Image.State.TRASH)
        original = copy.published_from_id or 0
        Image.objects.filter(pk=copy.pk).delete()
        publish_images(images=[original], by=None)
        run_operation(operation_id=purge.pk)
        assert rows_without_file() == []
        assert serving() == {copy.key}


def test_a_storage_that_is_away_fails_the_act_and_the_same_act_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    image = trashed("emotions/calm/a_0h.jpeg")

    def refuse(name: str) -> None:
        raise ConnectionError

    monkeypatch.setattr(default_storage, "delete", refuse)
    operation = purge_trash(older_than=NOW)
    assert operation is not None
    assert operation.state == "failed"
    monkeypatch.undo()
    assert begin_operation(kind="purge", by=None, operation_id=operation.pk).state == "done"
    assert not default_storage.exists(image.key)


class TestPicturesWhoseFileIsMissing:
    """They were not removed by anybody, and their files may return."""

    @pytest.fixture
    def lost(self) -> list[Image]:
        images = [picture(f"emotions/calm/lost{number}_0h.jpeg") for number in range(3)]
        found = Image.objects.filter(pk__in=[image.pk for image in images])
        found.withdraw(Image.TrashReason.FILE_MISSING)
        found.update(trashed_at=timezone.now() - timedelta(days=365))
        return images

    def test_the_clock_does_not_purge_them(self, lost: list[Image]) -> None:
        trashed("emotions/calm/removed_0h.jpeg", days=365)
        empty_trash()
        assert set(Image.objects.all()) == set(lost)
        assert all(default_storage.exists(image.key) for image in lost)

    def test_a_curator_who_purges_them_deletes_no_file_that_came_back(self, lost: list[Image]) -> None:
        operation = begin_operation(kind="purge", by=None, images=[image.pk for image in lost])
        assert (operation.state, operation.done) == ("done", 3)
        assert not Image.objects.exists()
        assert all(default_storage.exists(image.key) for image in lost)

    def test_one_act_restores_all_of_them_and_can_be_undone(self, lost: list[Image]) -> None:
        removed = trashed("emotions/calm/removed_0h.jpeg")
        selection = ImageFilter.from_json({"state": "trash", "trash_reason": "file_missing"})
        operation = begin_operation(kind="restore", by=None, selection=selection)
        assert set(Image.objects.serving()) == set(lost)
        assert set(Image.objects.values_list("trash_reason", flat=True)) == {""}
        assert Image.objects.in_trash().get() == removed
        undo_operation(operation=operation, by=None)
        assert Image.objects.in_trash().count() == 4


@pytest.fixture
def image() -> Image:
    return pool(1)[0]


@pytest.fixture
def waiting(image: Image, monkeypatch: pytest.MonkeyPatch) -> BulkOperation:
    """A publication that nobody has carried out yet."""
    with monkeypatch.context() as patched:
        patched.setattr(operations, "run_operation", lambda operation_id: BulkOperation.objects.get(pk=operation_id))
        return publish_images(images=[image.pk], by=None)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any]) -> None:
    """It happens once, when the first file is copied and no row is written."""

    def reporting(operation: BulkOperation, done: int) -> None:
        report(operation, done)
        if done:
            happens()

    monkeypatch.setattr("curation.services.publishing.report", reporting)


def test_a_picture_removed_meanwhile_is_not_published_and_leaves_no_file(
    image: Image, waiting: BulkOperation, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: remove_images(images=[image.pk], by=None))
    assert run_operation(operation_id=waiting.pk).state == "done"
    assert serving() == set()
    assert not default_storage.exists("emotions/calm/img_0_0h.jpeg")
    assert default_storage.exists(image.key)


def test_a_picture_purged_meanwhile_leaves_no_file(
    image: Image, waiting: BulkOperation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def purge() -> None:
        remove_images(images=[image.pk], by=None)
        BulkOperation.objects.filter(kind="remove").update(state="done")
        Image.objects.filter(pk=image.pk).delete()

    meanwhile(monkeypatch, purge)
    assert run_operation(operation_id=waiting.pk).state == "done"
    assert not default_storage.exists("emotions/calm/img_0_0h.jpeg")


def test_a_picture_restored_meanwhile_is_published_with_its_file(
    image: Image, waiting: BulkOperation, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_images(images=[image.pk], by=None)
    meanwhile(monkeypatch, lambda: restore_images(images=[image.pk], by=None))
    run_operation(operation_id=waiting.pk)
    assert serving() == {"emotions/calm/img_0_0h.jpeg"}
    assert rows_without_file() == []


def test_two_publications_of_one_picture_are_one(image: Image, waiting: BulkOperation) -> None:
    publish_images(images=[image.pk], by=None)
    assert run_operation(operation_id=waiting.pk).state == "done"
    assert serving() == {"emotions/calm/img_0_0h.jpeg"}
    assert rows_without_file() == []


def test_a_purge_leaves_alone_what_waits_to_be_published_under_its_key(image: Image, waiting: BulkOperation) -> None:
    other = publish_images(images=[image.pk], by=None)
    remove_images(images=[item.made_id for item in other.items.all() if item.made_id], by=None)
    Image.objects.filter(pk=image.pk).update(state=Image.State.POOL)
    purge_trash(older_than=timedelta(0))
    run_operation(operation_id=waiting.pk)
    assert serving() == {"emotions/calm/img_0_0h.jpeg"}
    assert rows_without_file() == []
