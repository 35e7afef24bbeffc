"""From chosen pictures and a recipe to the rows of a batch; the same id again is the same batch."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F

from garden.models import Image
from generation.models import BatchItem, Canvas, RetouchBatch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.errors import BadRecipeError, VersionTakenError
from generation.retouch.files import write_file
from generation.retouch.inpainters import refuse_unable_wishes
from generation.retouch.opening import ROOT
from generation.retouch.pixels import encode_png, read_picture
from generation.retouch.regions import DRAWN

MOST = 10_000
"""Pictures of one batch: more are several, each of which can be stopped."""
LONGEST_TITLE = 200
PORTION = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One picture: of the garden, or a canvas that was opened for this; with `error` it cannot even be asked for."""

    name: str
    content_hash: str = ""
    image: int | None = None
    canvas: Canvas | None = None
    error: str = ""


def choose_images(recipe: Recipe, ids: Sequence[int]) -> dict[int, Chosen]:
    """By their numbers (from 1, in this order), those of the recipe's ranges. Raises BadRecipeError."""
    refuse_too_many(len(ids))
    rows = {row[0]: row for row in _rows(ids)}
    if missing := [pk for pk in ids if pk not in rows]:
        raise BadRecipeError("images", f"has {missing[0]}, which is no picture", unusable=missing)
    ordered = [rows[pk] for pk in dict.fromkeys(ids)]
    if trashed := [pk for pk, _, _, state in ordered if state == Image.State.TRASH]:
        raise BadRecipeError("images", f"has {trashed[0]}, which is in the trash", unusable=trashed)
    places = recipe.picked([key for _, key, _, _ in ordered])
    found = {place + 1: ordered[place] for place in places}
    return {number: Chosen(name=key, content_hash=digest, image=pk) for number, (pk, key, digest, _) in found.items()}


def plan_batch(
    *,
    recipe: Recipe,
    chosen: dict[int, Chosen],
    by: AbstractBaseUser | None,
    batch_id: uuid.UUID | None = None,
    title: str = "",
    mask: bytes | None = None,
    again: bool = False,
) -> RetouchBatch:
    """Save a batch; nothing is made yet. `mask` is a picture: what is bright is repainted.

    What the same recipe has made of the same file before is not made once more, unless `again`.
    Raises BadRecipeError, BadLayerError, UnsupportedAbilityError, VersionTakenError before anything is saved.
    """
    refuse_too_many(len(chosen))
    refuse_unable_wishes(recipe.settings)
    drawn = _read_mask(recipe, mask)
    batch = RetouchBatch(id=batch_id or uuid.uuid4(), recipe=recipe.as_json(), fingerprint=recipe.fingerprint(drawn))
    if known := RetouchBatch.objects.filter(pk=batch.pk).first():
        return _same(known, batch)
    if not chosen:
        raise BadRecipeError("range", "leaves no picture")
    batch.title = (title or _title(chosen))[:LONGEST_TITLE]
    batch.by_id = by.pk if by else None
    if drawn is not None:
        batch.mask = f"{folder_of(batch)}/mask.png"
        write_file(batch.mask, drawn)
    return _save(batch, chosen, {} if again else _made_before(batch.fingerprint))


def folder_of(batch: RetouchBatch) -> str:
    return f"{ROOT}/batches/{batch.pk}"


def refuse_too_many(count: int) -> None:
    if count > MOST:
        raise BadRecipeError("images", f"are {count:,}: one batch has {MOST:,} at most")


def _rows(ids: Sequence[int]) -> Iterator[tuple[int, str, str, str]]:
    for start in range(0, len(ids), PORTION):
        part = Image.objects.filter(pk__in=ids[start : start + PORTION])
        yield from part.values_list("pk", "key", "content_hash", "state")


def _read_mask(recipe: Recipe, mask: bytes | None) -> bytes | None:
    """As a lossless file of ours."""
    if (recipe.region == DRAWN) != (mask is not None):
        raise BadRecipeError("mask", "is missing" if mask is None else f"is only for the region {DRAWN}")
    if mask is None:
        return None
    drawn = read_picture(mask, "mask").max(axis=2)
    if not drawn.any():
        raise BadRecipeError("mask", "is empty")
    return encode_png(drawn)


def _same(known: RetouchBatch, asked: RetouchBatch) -> RetouchBatch:
    if known.fingerprint != asked.fingerprint:
        raise VersionTakenError("This id belongs to another batch.", field="id")
    return known


def _title(chosen: dict[int, Chosen]) -> str:
    first = next(iter(chosen.values())).name
    return f"{first} +{len(chosen) - 1}" if len(chosen) > 1 else first


def _made_before(fingerprint: str) -> dict[tuple[int | None, str], uuid.UUID]:
    """Versions by the picture and the content of its file."""
    made = BatchItem.objects.filter(batch__fingerprint=fingerprint, version__done_at__isnull=False)
    ours = made.filter(image=None) | made.filter(image=F("version__canvas__image"))
    rows = ours.values_list("image", "version__canvas__content_hash", "version")
    return {(image, digest): version for image, digest, version in rows}


def _save(
    batch: RetouchBatch, chosen: dict[int, Chosen], made: dict[tuple[int | None, str], uuid.UUID]
) -> RetouchBatch:
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            BatchItem.objects.bulk_create(_items(batch, chosen, made), batch_size=PORTION)
    except IntegrityError:
        known = RetouchBatch.objects.filter(pk=batch.pk).first()
        if known is None:
            raise
        return _same(known, batch)
    return batch


def _items(
    batch: RetouchBatch, chosen: dict[int, Chosen], made: dict[tuple[int | None, str], uuid.UUID]
) -> Iterable[BatchItem]:
    for number, one in chosen.items():
        version = None if one.error else made.get((one.image, one.content_hash))
        yield BatchItem(
            batch=batch,
            number=number,
            name=one.name,
            image_id=one.image,
            canvas=one.canvas,
            version_id=version,
            error=one.error,
        )
