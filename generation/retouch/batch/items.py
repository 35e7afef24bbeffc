"""The pictures of a batch: their versions, made in a worker, and their states."""

import csv
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import cv2
import numpy as np
from django.db import IntegrityError, transaction

from garden.csv_escaping import defuse
from generation.models import BatchItem, Canvas, RetouchBatch, Slot, Version
from generation.models.batch import ITEM_STATES, WAITING, BatchItemQuerySet
from generation.models.job import OPEN, SlotState
from generation.queue.progress import sentence_of
from generation.retouch.batch.recipe import Part, Recipe
from generation.retouch.edits import patch_spec
from generation.retouch.masks import whole_mask
from generation.retouch.pixels import Mask, Pixels, decode_png, encode_png, sized
from generation.retouch.regions import DRAWN, adjust, find_region
from generation.retouch.settings import SMALLEST, BadLayerError, Crop, NothingFoundError, whole
from generation.retouch.versions import MASK, PATCH, ROOT, next_numbers, open_image, opened, read_file, write_file

SAME_SHAPE = 0.01
"""As far apart as the sides' ratios of a mask and its picture may be."""


def create_version(slot: Slot) -> Version:
    """The version of a slot's picture. Idempotent. Raises NothingFoundError and the errors of `open_image`."""
    item = BatchItem.objects.select_related("batch", "batch__by", "image", "canvas").get(slot=slot)
    recipe, canvas = Recipe.from_json(item.batch.recipe), _canvas(item)
    pixels = opened(canvas)
    mask = region_of(recipe, item, pixels)
    crop = crop_for(recipe, mask)
    part = whole_mask(crop.height, crop.width) if recipe.fill else mask[crop.window]
    folder = f"{ROOT}/{canvas.pk}/{item.pk}"
    write_file(f"{folder}/{MASK}.png", encode_png(np.ascontiguousarray(part)))
    version = Version(id=item.pk, canvas=canvas, slot=slot, folder=folder, layers=[MASK], seed=slot.seed)
    version.by_id, version.price, version.opacity = item.batch.by_id, item.price, recipe.settings.opacity
    version.region, version.chosen = recipe.region_settings, _chosen(recipe, slot)
    for name, value in crop.as_json().items():
        setattr(version, name, value)
    return _save(version, item, slot, recipe)


def region_of(recipe: Recipe, item: BatchItem, pixels: Pixels) -> Mask:
    """In the whole picture, expanded and shrunk. Raises NothingFoundError if it becomes empty."""
    if recipe.region == DRAWN:
        drawn = fitted(decode_png(read_file(item.batch.mask)), pixels.shape[1::-1])
        mask = adjust(drawn, recipe.region_settings)
    else:
        mask = find_region(pixels, recipe.region_settings)
    if not mask.any():
        raise NothingFoundError("Nothing of the region is left.", field="region")
    return mask


def fitted(mask: Mask, size: tuple[int, int]) -> Mask:
    """A drawn mask in a picture's width and height. Raises BadLayerError for a picture of another shape."""
    height, width = mask.shape
    if abs(width / height * size[1] / size[0] - 1) > SAME_SHAPE:
        reason = f"The mask is for pictures of {width}×{height}, this one has {size[0]}×{size[1]}."
        raise BadLayerError(reason, field=MASK)
    return sized(mask, size)


def crop_for(recipe: Recipe, mask: Mask) -> Crop:
    """The whole picture, or the mask's own rectangle with the margin around it, at least of the minimum crop size."""
    height, width = mask.shape
    if recipe.part == Part.PICTURE:
        return whole(width, height)
    x, y, wide, high = cv2.boundingRect(mask)
    left, right = _reach(x, x + wide, recipe.margin, width)
    top, bottom = _reach(y, y + high, recipe.margin, height)
    return Crop(left, top, right - left, bottom - top)


def _reach(low: int, high: int, margin: int, end: int) -> tuple[int, int]:
    """With the margin on both sides and at least the minimum crop length, within 0 … end."""
    margin = max(margin, -(-(SMALLEST - (high - low)) // 2))
    low, high = max(0, low - margin), min(end, high + margin)
    if high - low < SMALLEST:
        low = max(0, min(low, end - SMALLEST))
        high = min(end, low + SMALLEST)
    return low, high


def _canvas(item: BatchItem) -> Canvas:
    if item.canvas is not None:
        return item.canvas
    if item.image is None:
        raise NothingFoundError("The picture was purged.", field="image")
    return open_image(image=item.image, by=item.batch.by)


def _chosen(recipe: Recipe, slot: Slot) -> dict[str, object]:
    return dataclasses.replace(recipe.settings, seed=slot.seed).as_json()


def _save(version: Version, item: BatchItem, slot: Slot, recipe: Recipe) -> Version:
    """With the place and size of the crop. Another worker may have saved it first."""
    request = patch_spec(slot.index, slot.key, recipe.settings, version.crop.size).request
    slot.width, slot.height = request.width, request.height
    try:
        with transaction.atomic():
            [version.number] = next_numbers([version.canvas])
            version.save(force_insert=True)
            BatchItem.objects.filter(pk=item.pk).update(version=version, canvas=version.canvas)
            Slot.objects.filter(pk=slot.pk).update(width=slot.width, height=slot.height, key=version.key_of(PATCH))
    except IntegrityError:
        return Version.objects.select_related("canvas", "parent").get(pk=version.pk)
    return version


COLUMNS = ("number", "name", "image", "state", "reason", "canvas", "version", "attempts", "seconds")
FETCHED = 500


def counts_of(batch: RetouchBatch) -> dict[str, int]:
    """Number of pictures in each state, and the total."""
    found = batch.items.all().count_states()
    return {"all": sum(found.values()), **{str(state): found.get(state, 0) for state in ITEM_STATES}}


def is_open(counts: dict[str, int]) -> bool:
    """Whether a requested picture is not finished."""
    return any(counts[state] for state in OPEN)


def items_of(batch: RetouchBatch, state: str = "") -> BatchItemQuerySet:
    """Rows with annotations, in order; of one state, or of any."""
    items = batch.items.in_state(state) if state else batch.items.with_state()
    return items.select_related("slot", "version", "image", "canvas").in_order()


def report_rows(batch: RetouchBatch) -> Iterator[dict[str, Any]]:
    """One for each picture, in order, with COLUMNS as its keys."""
    for item in items_of(batch).iterator(chunk_size=FETCHED):
        yield row_of(item)


def write_table(stream: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """As CSV; what a spreadsheet would run as a formula is text."""
    table = csv.DictWriter(stream, COLUMNS)
    table.writeheader()
    for row in rows:
        table.writerow({name: defuse(value) if isinstance(value, str) else value for name, value in row.items()})


def row_of(item: Any) -> dict[str, Any]:
    slot, version = item.slot, item.version
    return {
        "number": item.number,
        "name": item.name,
        "image": item.image_id,
        "state": item.state,
        "reason": reason_of(item),
        "canvas": str(version.canvas_id if version else item.canvas_id or ""),
        "version": str(version.pk) if version and version.done_at else "",
        "attempts": slot.attempt if slot else 0,
        "seconds": slot.seconds if slot else None,
    }


def reason_of(item: BatchItem) -> str:
    """The error, or the reason why it waits; empty once it is done."""
    state = getattr(item, "state", WAITING)
    if item.error:
        return item.error
    return sentence_of(item.slot.error) if item.slot and state != SlotState.DONE else ""
