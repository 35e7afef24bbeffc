"""What other curators do while files are being copied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from curation.models import BulkOperation
from curation.services import operations, publish_images, purge_trash, remove_images, restore_images, run_operation
from curation.services.handlers import report
from garden.models import Image
from tests.curation.cast import pool, rows_without_file, serving

pytestmark = pytest.mark.django_db


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
