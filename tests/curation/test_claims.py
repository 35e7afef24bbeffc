"""What a publication copies and a purge deletes is left alone by whoever compares files with rows."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from curation.models import BulkOperation, BulkOperationItem
from garden.models import Image
from garden.services import register_image
from garden.storage.backends import picture_storage
from generation.starter import starter_pictures
from tests.support.pictures import portrait

pytestmark = pytest.mark.django_db
POOL, COPY = "imgPool/calm/img_1h.jpeg", "emotions/calm/img_1h.jpeg"


@pytest.fixture
def image() -> Image:
    return register_image(key=POOL, content=portrait(), origin="painter")


def sync() -> None:
    call_command("sync_storage", "--apply", stdout=StringIO())


def open_operation(kind: str, **item: Any) -> None:
    operation = BulkOperation.objects.create(kind=kind, state=BulkOperation.State.RUNNING, total=1)
    BulkOperationItem.objects.create(operation=operation, **item)


def test_a_copy_whose_publication_runs_is_not_served_before_its_time(image: Image) -> None:
    picture_storage().copy(POOL, COPY)
    open_operation(BulkOperation.Kind.PUBLISH, image=image, key=COPY)
    sync()
    assert not Image.objects.filter(key=COPY).exists()


def test_a_file_that_is_being_purged_does_not_come_back(image: Image) -> None:
    open_operation(BulkOperation.Kind.PURGE, key=POOL, before="trash")
    Image.objects.all().delete()
    sync()
    assert not Image.objects.exists()


def test_a_file_that_no_operation_works_on_is_registered(image: Image) -> None:
    picture_storage().copy(POOL, COPY)
    sync()
    assert Image.objects.get(key=COPY).state == "serving"


def test_a_starter_picture_that_was_purged_is_not_painted_again() -> None:
    wanted = [starter.key for starter in starter_pictures()]
    out = StringIO()
    operation = BulkOperation.objects.create(kind=BulkOperation.Kind.PURGE, state=BulkOperation.State.DONE, total=1)
    BulkOperationItem.objects.create(operation=operation, key=wanted[0], before="trash", file_gone=True)
    call_command("plant_starter_garden", "--dry-run", stdout=out)
    assert out.getvalue() == f"Pictures that would be painted: {len(wanted) - 1}.\n"
