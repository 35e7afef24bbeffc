"""Acts that wait to be carried out, each in a garden of its own making, and what is to be seen of them."""

from typing import Any
from unittest import mock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from curation.models import BulkOperation, Release
from curation.services import operations
from curation.services.operations import begin_operation, publish_images, remove_images, replace_image
from garden.models import Image

State = Image.State


def publish() -> BulkOperation:
    """Three pool pictures: a new one, one whose copy was published and removed, one whose copy is shelved."""
    images = _fresh_pool(3)
    publish_images(images=images[1:], by=None)
    copies = list(Image.objects.serving().order_by("id").values_list("pk", flat=True))
    remove_images(images=copies, by=None)
    Image.objects.filter(pk=copies[1]).update(state=State.SHELVED, trashed_at=None, trashed_from="")
    Image.objects.filter(pk__in=images).update(state=State.POOL)
    return _waiting("publish", images)


def purge() -> BulkOperation:
    """Two published and removed pictures with thumbnails, and one of the pool."""
    images = _fresh_pool(3)
    publish_images(images=images[:2], by=None)
    removed = [*Image.objects.serving().values_list("pk", flat=True), images[2]]
    remove_images(images=removed, by=None)
    return _waiting("purge", removed)


def remove() -> BulkOperation:
    images = _fresh_pool(2)
    publish_images(images=images[:1], by=None)
    return _waiting("remove", [*Image.objects.serving().values_list("pk", flat=True), images[1]])


def restore() -> BulkOperation:
    """From the trash: a published picture's copy, and one of the pool."""
    images = _fresh_pool(2)
    publish_images(images=images[:1], by=None)
    removed = [*Image.objects.serving().values_list("pk", flat=True), images[1]]
    remove_images(images=removed, by=None)
    return _waiting("restore", removed)


def replace() -> BulkOperation:
    """A picture of the pool comes in the place of one that is served."""
    old, new = _fresh_pool(2)
    publish_images(images=[old], by=None)
    with _no_hurry():
        return replace_image(old=Image.objects.serving().get(), new=Image.objects.get(pk=new), by=None)


def undo() -> BulkOperation:
    """Of a publication."""
    operation = publish_images(images=_fresh_pool(2), by=None)
    with _no_hurry():
        from curation.services.operations import undo_operation

        return undo_operation(operation=operation, by=None)


def roll_back() -> BulkOperation:
    images = _fresh_pool(2)
    for image in images:
        publish_images(images=[image], by=None)
    from curation.services.operations import roll_back as back

    with _no_hurry():
        return back(garden="calm", number=1, by=None)


def look(operation: BulkOperation) -> dict[str, Any]:
    """Rows, files, releases and the act itself, as anybody sees them now."""
    operation.refresh_from_db()
    rows = dict(Image.objects.order_by("key").values_list("key", "state"))
    return {
        "act": operation.state,
        "error": operation.error,
        "rows": rows,
        "without_file": [key for key in rows if not default_storage.exists(key)],
        "files": sorted(_files("imgPool/calm") + _files("emotions/calm") + _files("derived/320/emotions/calm")),
        "releases": list(Release.objects.order_by("number").values_list("number", "added", "removed")),
        "changes": sum(release.changes.count() for release in Release.objects.all()),
    }


def _fresh_pool(number: int) -> list[int]:
    Release.objects.all().delete()
    BulkOperation.objects.filter(kind="undo").delete()
    BulkOperation.objects.all().delete()
    Image.objects.all().delete()
    for folder in ("imgPool/calm", "emotions/calm", "derived/320/emotions/calm"):
        for key in _files(folder):
            default_storage.delete(key)
    connection.commit()
    return [_picture(f"imgPool/calm/img_{n}_0h.jpeg") for n in range(number)]


def _picture(key: str) -> int:
    image = Image(key=key, width=8, height=8, origin="painter", content_hash=key).fill_from_key()
    default_storage.save(key, ContentFile(key.encode()))
    default_storage.save(f"derived/320/{key.replace('imgPool', 'emotions')}.webp", ContentFile(b"small"))
    image.save()
    return image.pk


def _files(folder: str) -> list[str]:
    try:
        return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def _waiting(kind: str, images: list[int]) -> BulkOperation:
    with _no_hurry():
        return begin_operation(kind=kind, by=None, images=images)


def _no_hurry() -> Any:
    """The act is saved, and nobody has come to carry it out yet."""
    return mock.patch.object(
        operations, "run_operation", lambda operation_id: BulkOperation.objects.get(pk=operation_id)
    )
