"""From chosen pictures or a folder and a recipe to the rows of a batch. Idempotent by its id."""

import dataclasses
import hashlib
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from garden.errors import RefusedError
from garden.models import Image
from generation.available_models import engine_name, refuse_unable_settings
from generation.credits import within_credits
from generation.jobs import SlotSpec, add_pictures, submit_job
from generation.models import BatchItem, Canvas, GenerationJob, RetouchBatch, Slot
from generation.models.batch import BatchItemQuerySet
from generation.models.job import Priority
from generation.orders import seed_of
from generation.retouch.batch.recipe import Recipe
from generation.retouch.edits import patch_spec
from generation.retouch.pixels import encode_png, read_picture
from generation.retouch.regions import DRAWN
from generation.retouch.settings import BadSettingError, VersionTakenError
from generation.retouch.versions import PATCH, ROOT, open_upload, write_file

MAX_PICTURES = 10_000
"""Pictures of one batch: more are several, each of which can be stopped."""
LONGEST_TITLE = 200
PORTION = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One picture: of the garden, or a canvas that was opened for this; with `error` it cannot be requested."""

    name: str
    content_hash: str = ""
    image: int | None = None
    canvas: Canvas | None = None
    error: str = ""


def choose_images(recipe: Recipe, ids: Sequence[int]) -> dict[int, Chosen]:
    """The pictures in the recipe's ranges, by number (from 1, in this order). Raises BadSettingError."""
    refuse_too_many(len(ids))
    rows = {row[0]: row for row in _rows(ids)}
    if missing := [pk for pk in ids if pk not in rows]:
        raise BadSettingError("images", f"has {missing[0]}, which is no picture", unusable=missing)
    ordered = [rows[pk] for pk in dict.fromkeys(ids)]
    if trashed := [pk for pk, _, _, state in ordered if state == Image.State.TRASH]:
        raise BadSettingError("images", f"has {trashed[0]}, which is in the trash", unusable=trashed)
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
    """Save a batch; nothing is made yet. `mask` is a picture: bright pixels are repainted.

    What the same recipe has made of the same file before is not made once more, unless `again`.
    Raises BadSettingError, BadLayerError, UnsupportedAbilityError, VersionTakenError before anything is saved.
    """
    refuse_too_many(len(chosen))
    refuse_unable_settings(recipe.settings)
    drawn = _read_mask(recipe, mask)
    batch = RetouchBatch(id=batch_id or uuid.uuid4(), recipe=recipe.as_json(), fingerprint=recipe.fingerprint(drawn))
    if known := RetouchBatch.objects.filter(pk=batch.pk).first():
        return _same(known, batch)
    if not chosen:
        raise BadSettingError("range", "leaves no picture")
    batch.title = (title or _title(chosen))[:LONGEST_TITLE]
    batch.by_id = by.pk if by else None
    if drawn is not None:
        batch.mask = f"{folder_of(batch)}/mask.png"
        write_file(batch.mask, drawn)
    return _save(batch, chosen, {} if again else _made_before(batch.fingerprint))


def folder_of(batch: RetouchBatch) -> str:
    return f"{ROOT}/batches/{batch.pk}"


def refuse_too_many(count: int) -> None:
    if count > MAX_PICTURES:
        raise BadSettingError("images", f"are {count:,}: one batch has {MAX_PICTURES:,} at most")


def _rows(ids: Sequence[int]) -> Iterator[tuple[int, str, str, str]]:
    for start in range(0, len(ids), PORTION):
        part = Image.objects.filter(pk__in=ids[start : start + PORTION])
        yield from part.values_list("pk", "key", "content_hash", "state")


def _read_mask(recipe: Recipe, mask: bytes | None) -> bytes | None:
    """As a lossless PNG."""
    if (recipe.region == DRAWN) != (mask is not None):
        raise BadSettingError("mask", "is missing" if mask is None else f"is only for the region {DRAWN}")
    if mask is None:
        return None
    drawn = read_picture(mask, "mask").max(axis=2)
    if not drawn.any():
        raise BadSettingError("mask", "is empty")
    return encode_png(drawn)


def _same(known: RetouchBatch, requested: RetouchBatch) -> RetouchBatch:
    if known.fingerprint != requested.fingerprint:
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
    items = [
        BatchItem(
            batch=batch,
            number=number,
            name=one.name,
            image_id=one.image,
            canvas=one.canvas,
            version_id=None if one.error else made.get((one.image, one.content_hash)),
            error=one.error,
        )
        for number, one in chosen.items()
    ]
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            BatchItem.objects.bulk_create(items, batch_size=PORTION)
    except IntegrityError:
        known = RetouchBatch.objects.filter(pk=batch.pk).first()
        if known is None:
            raise
        return _same(known, batch)
    return batch


PREVIEWED = 3


def preview_batch(*, batch: RetouchBatch, numbers: Sequence[int] = ()) -> RetouchBatch:
    """Request the pictures of these numbers, by default the first, the middle and the last waiting one, once.

    Raises BadSettingError for a number that is none of the batch's.
    """
    if wrong := set(numbers) - set(batch.items.values_list("number", flat=True)):
        raise BadSettingError("items", f"has {min(wrong)}, which is no picture of this batch")
    if not numbers and RetouchBatch.objects.filter(pk=batch.pk, job__isnull=False).exists():
        return RetouchBatch.objects.get(pk=batch.pk)
    waiting = batch.items.all().waiting().in_order().values_list("number", flat=True)
    chosen = list(numbers) or first_middle_last(list(waiting))
    return _ask(batch, batch.items.filter(number__in=chosen[:PREVIEWED]), Priority.SINGLE)


def run_batch(*, batch: RetouchBatch) -> RetouchBatch:
    """Request all pictures that were not requested yet."""
    return _ask(batch, batch.items.all(), Priority.BULK, run=True)


def engine_of(batch: RetouchBatch) -> str:
    return engine_name(Recipe.from_json(batch.recipe).settings)


def first_middle_last(numbers: Sequence[int]) -> list[int]:
    places = (0, len(numbers) // 2, -1) if numbers else ()
    return list(dict.fromkeys(numbers[place] for place in places))


def _ask(batch: RetouchBatch, items: BatchItemQuerySet, priority: Priority, *, run: bool = False) -> RetouchBatch:
    """Raises NoCreditsError if the credits do not cover all of them; then none is requested."""
    with transaction.atomic(), within_credits([batch.by]) as prices:
        held = RetouchBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        held.job = job = held.job or _begin(held)
        if requested := list(items.waiting().in_order().annotate(**_SIZES)):
            engine = engine_of(held)
            add_pictures(job=job, pictures=_pictures(held, requested), engine=engine, priority=priority)
            slots = Slot.objects.filter(job=job, index=OuterRef("number"))
            new = held.items.all().waiting().filter(Exists(slots))
            new.update(slot=Subquery(slots.values("pk")[:1]), price=prices.of(held.by, engine))
        if run:
            held.run_at = held.run_at or timezone.now()
        held.save(update_fields=["job", "run_at"])
    return held


_SIZES = {
    "shown_width": Coalesce("image__width", "canvas__width"),
    "shown_height": Coalesce("image__height", "canvas__height"),
    "shown_hash": Coalesce("image__content_hash", "canvas__content_hash"),
}


def _begin(batch: RetouchBatch) -> GenerationJob:
    return submit_job(
        title=batch.title,
        pictures=(),
        engine=engine_of(batch),
        owner=batch.by,
        priority=Priority.BULK,
        request_key=batch.request_key,
        request={"batch": str(batch.pk), "recipe": batch.recipe},
    )


def _pictures(batch: RetouchBatch, items: Sequence[Any]) -> Iterator[SlotSpec]:
    """The default seed of a picture, derived from the recipe and its file, so that it is reproducible."""
    requested = Recipe.from_json(batch.recipe).settings
    for item in items:
        seed = seed_of(f"{batch.fingerprint}:{item.shown_hash}") if requested.seed is None else requested.seed
        size = (item.shown_width or 1, item.shown_height or 1)
        key = f"{folder_of(batch)}/{item.pk}/{PATCH}.png"
        yield patch_spec(item.number, key, dataclasses.replace(requested, seed=seed), size)


SUFFIXES = (".jpeg", ".jpg", ".png", ".webp")
NAMESPACE = uuid.UUID("6a3f5d0e-6c1c-4b7e-9f6d-2d0f4a1f7b35")
_DIGITS = re.compile(r"(\d+)")


def list_folder(folder: Path) -> list[str]:
    """Pictures in a folder and those below it, as relative paths in natural order: 2 before 10."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in found]
    visible = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
    return sorted(visible, key=_counting)


def choose_files(
    recipe: Recipe,
    folder: Path,
    *,
    by: AbstractBaseUser | None,
    on_file: Callable[[], object] = lambda: None,
) -> dict[int, Chosen]:
    """The files in the ranges as canvases. Idempotent; a file that is no picture has an error."""
    names = list_folder(folder)
    places = recipe.picked(names)
    refuse_too_many(len(places))
    chosen = {}
    for place in places:
        chosen[place + 1] = _open(folder, names[place], by)
        on_file()
    return chosen


def batch_id_of(recipe: Recipe, mask: bytes | None, folder: Path, names: Sequence[str], into: str) -> uuid.UUID:
    """Equal for the same command on the same files, so that a repeated command continues."""
    parts = [str(folder.resolve()), into, recipe.fingerprint(mask), str(recipe.range), str(recipe.numbers)]
    for name in names:
        about = (folder / name).stat()
        parts.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return uuid.uuid5(NAMESPACE, "\n".join(parts))


def _open(folder: Path, name: str, by: AbstractBaseUser | None) -> Chosen:
    """One canvas for a path and its content."""
    content = (folder / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    canvas_id = uuid.uuid5(NAMESPACE, f"{(folder / name).resolve()}\n{digest}")
    try:
        canvas = open_upload(content=content, title=name[-200:], by=by, canvas_id=canvas_id)
    except RefusedError as error:
        return Chosen(name=name, error=error.detail)
    return Chosen(name=name, content_hash=digest, canvas=canvas)


def _counting(name: str) -> list[tuple[int, int, str]]:
    parts = _DIGITS.split(name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
