"""Removal of old canvases that nothing refers to, and detection of files below `retouch/` without a row."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from garden.batches import batches
from garden.storage.backends import StoredFile, picture_storage
from generation.models import BatchItem, Canvas, RetouchBatch, TagReading, Version
from generation.models.job import OPEN
from generation.retouch.versions import ROOT

BATCH = 20
WRITE_GRACE = timedelta(hours=1)
"""Files come before the rows that speak of them: one so young may still get its row."""
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_opened = re.compile(rf"{ROOT}/{_UUID}/opened\.\w+").fullmatch
_layer = re.compile(rf"(?P<folder>{ROOT}/{_UUID}/{_UUID})/\w+\.png").fullmatch
_mask = re.compile(rf"{ROOT}/batches/{_UUID}/mask\.png").fullmatch


def prune_canvases(*, days: int) -> int:
    """Remove canvases that were not used for `days` and that nothing refers to; returns how many. 0 days keeps all.

    Rows first, then files: sync_storage finds the files that a killed process leaves.
    """
    pruned, before = 0, timezone.now() - timedelta(days=days)
    while days and (batch := list(unused_since(before).values_list("pk", flat=True)[:BATCH])):
        removed = [canvas for canvas in batch if _remove(canvas, before)]
        for canvas in removed:
            _delete_files(canvas)
        pruned += len(removed)
        if len(removed) < len(batch):  # One was used again meanwhile: the next sweep continues.
            break
    return pruned


def unused_since(moment: datetime) -> QuerySet[Canvas]:
    """Canvases without later requests, without a picture, and without a dependent canvas.

    The picture they were opened from is gone, or was never edited; no version became a picture that is still there,
    is being made, was run again elsewhere, or belongs to a batch.
    """
    versions = Version.objects.filter(canvas=OuterRef("pk"))
    readings = TagReading.objects.filter(canvas=OuterRef("pk"))
    repeated_elsewhere = Version.objects.filter(repeats__canvas=OuterRef("pk")).exclude(canvas=OuterRef("pk"))
    is_used = (
        Exists(versions.filter(Q(created_at__gte=moment) | Q(done_at__gte=moment) | Q(slot__state__in=OPEN)))
        | Exists(versions.filter(Q(image__isnull=False) | Q(batch_items__isnull=False)))
        | Exists(readings.filter(Q(created_at__gte=moment) | Q(slot__state__in=OPEN)))
        | Exists(BatchItem.objects.filter(canvas=OuterRef("pk")))
        | Exists(repeated_elsewhere)
    )
    without_picture = Q(image=None) | ~Exists(versions)
    return Canvas.objects.filter(without_picture, ~is_used, created_at__lt=moment).order_by("created_at", "pk")


def files_of_nobody(sender: Any, **kwargs: Any) -> Iterator[StoredFile]:
    """Opened pictures without canvas, layers without version, masks without batch; none that was written just now."""
    newest = timezone.now() - WRITE_GRACE
    for batch in batches(picture_storage().walk(ROOT), 1_000):
        known = _known(batch)
        yield from (file for file in batch if _owner(file.key) not in known and file.modified < newest)


def _remove(canvas: uuid.UUID, before: datetime) -> bool:
    """Checked again under a lock, so that a canvas being edited stays."""
    with transaction.atomic():
        list(Canvas.objects.select_for_update().filter(pk=canvas).values_list("pk"))
        return any(found.delete() for found in unused_since(before).filter(pk=canvas))


def _delete_files(canvas: uuid.UUID) -> None:
    for file in list(picture_storage().walk(f"{ROOT}/{canvas}")):
        default_storage.delete(file.key)


def _owner(key: str) -> str:
    """The name in a file's row: the file itself, or the folder of its version; empty for other files."""
    if match := _layer(key):
        return match["folder"]
    return key if _opened(key) or _mask(key) else ""


def _known(files: list[StoredFile]) -> set[str]:
    """Names that rows refer to; other files are ignored."""
    names = {_owner(file.key) for file in files}
    rows = [
        Canvas.objects.filter(file__in=names).values_list("file", flat=True),
        Version.objects.filter(folder__in=names).values_list("folder", flat=True),
        RetouchBatch.objects.filter(mask__in=names - {""}).values_list("mask", flat=True),
    ]
    return {"", *(name for found in rows for name in found)}
