"""Canvases and their tree of versions: opening a picture, layers, composing, opacity, the current version."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from garden.models import Image
from generation.models import Canvas, Version
from generation.retouch.masks import paste
from generation.retouch.pixels import Pixels, decode_png, format_of, read_picture
from generation.retouch.settings import (
    SMALLEST,
    BadLayerError,
    Crop,
    FileMissingError,
    NotFinishedError,
    VersionTakenError,
)

_SAME = ("canvas", "parent", "x", "y", "width", "height", "region", "seed", "folder", "layers", "engine", "model")


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """`box` contains all different pixels, None without any; `changed` is their share, `largest` of 255."""

    box: Crop | None
    changed: float
    largest: int
    mean: float
    settings: dict[str, tuple[Any, Any]]


def with_opacity(
    *, version: Version, opacity: float, by: AbstractBaseUser | None, version_id: uuid.UUID | None = None
) -> Version:
    """A version with the same layers and another opacity, finished at once. Idempotent by its id.

    Raises NotFinishedError, VersionTakenError.
    """
    if version.done_at is None:
        raise NotFinishedError("The version is not finished.", version=str(version.pk))
    known = Version.objects.filter(pk=version_id).first() if version_id else None
    if known is not None:
        if (known.folder, known.opacity) != (version.folder, opacity):
            raise VersionTakenError("This id belongs to another edit.", field="id")
        return known
    return _save_again(version, float(opacity), by, version_id or uuid.uuid4())


@transaction.atomic
def _save_again(version: Version, opacity: float, by: AbstractBaseUser | None, version_id: uuid.UUID) -> Version:
    [number] = next_numbers([version.canvas])
    again = Version(id=version_id, number=number, repeats=version, opacity=opacity, done_at=timezone.now())
    for name in _SAME:
        setattr(again, name, getattr(version, name))
    again.chosen = {**version.chosen, "opacity": opacity}
    again.by_id = by.pk if by else None
    again.save(force_insert=True)
    Canvas.objects.filter(pk=version.canvas_id).update(head=again)
    return again


def make_current(*, canvas: Canvas, version: Version | None) -> None:
    """Go back, or forward again, to a finished version; None is the opened picture."""
    if version is not None and (version.done_at is None or version.canvas_id != canvas.pk):
        raise NotFinishedError("It is no finished version of this picture.", field="version")
    Canvas.objects.filter(pk=canvas.pk).update(head=version)
    canvas.head = version


def compare(canvas: Canvas, first: Version | None, second: Version | None) -> VersionDifference:
    """Any two versions of a canvas, pixel by pixel and setting by setting. Raises NotFinishedError."""
    one, other = (compose_or_opened(canvas, version).astype(np.int16) for version in (first, second))
    gap = np.abs(one - other).max(axis=2)
    rows, columns = np.flatnonzero(gap.any(axis=1)), np.flatnonzero(gap.any(axis=0))
    box = None
    if rows.size:
        left, top = int(columns[0]), int(rows[0])
        box = Crop(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
    return VersionDifference(
        box, float((gap > 0).mean()), int(gap.max()), float(gap.mean()), _settings_apart(first, second)
    )


def _settings_apart(first: Version | None, second: Version | None) -> dict[str, tuple[Any, Any]]:
    one, other = (version.described() if version else {} for version in (first, second))
    names = [name for name in {**one, **other} if name != "version"]
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}


ROOT = "retouch"
SUFFIXES = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}


def open_image(*, image: Image, by: AbstractBaseUser | None) -> Canvas:
    """The canvas of an image's present file. Idempotent. Raises FileMissingError, BadLayerError."""
    known = Canvas.objects.of_image(image).first()
    if known:
        return known
    return _keep(read_file(image.key), title=image.key, by=by, image=image)


def open_upload(
    *, content: bytes, title: str, by: AbstractBaseUser | None, canvas_id: uuid.UUID | None = None
) -> Canvas:
    """The canvas of an uploaded picture. Idempotent by its id. Raises BadLayerError."""
    known = Canvas.objects.filter(pk=canvas_id).first() if canvas_id else None
    if known is None:
        return _keep(content, title=title or "upload", by=by, canvas_id=canvas_id)
    if known.content_hash != hashlib.sha256(content).hexdigest():
        raise VersionTakenError("This id belongs to another picture.", id=str(canvas_id))
    return known


def _keep(
    content: bytes,
    *,
    title: str,
    by: AbstractBaseUser | None,
    image: Image | None = None,
    canvas_id: uuid.UUID | None = None,
) -> Canvas:
    height, width = read_picture(content).shape[:2]
    if min(height, width) < SMALLEST:
        raise BadLayerError(f"file must be at least {SMALLEST} pixels wide and high.", field="file")
    canvas = Canvas(id=canvas_id or uuid.uuid4(), image=image, title=title, width=width, height=height)
    canvas.by_id = by.pk if by else None
    canvas.content_hash = hashlib.sha256(content).hexdigest()
    canvas.file = f"{ROOT}/{canvas.pk}/opened.{SUFFIXES[format_of(content)]}"
    write_file(canvas.file, content)
    return _save(canvas)


def _save(canvas: Canvas) -> Canvas:
    """If the same picture was opened concurrently, that canvas is returned."""
    try:
        with transaction.atomic():
            canvas.save(force_insert=True)
    except IntegrityError:
        kept = Canvas.objects.filter(pk=canvas.pk) | Canvas.objects.filter(
            image=canvas.image, image__isnull=False, content_hash=canvas.content_hash
        )
        first = kept.first()
        if first is None:
            raise
        if first.file != canvas.file:
            default_storage.delete(canvas.file)
        return first
    return canvas


MASK, LINE, REFERENCE, CROP, PATCH, ALPHA = "mask", "line", "reference", "crop", "patch", "alpha"
LAYERS = (MASK, LINE, REFERENCE, CROP, PATCH, ALPHA)


def opened(canvas: Canvas) -> Pixels:
    """The picture as it was opened, RGB of shape (height, width, 3)."""
    return read_picture(read_file(canvas.file))


def compose(version: Version) -> Pixels:
    """The whole picture with this version and its ancestors. Raises NotFinishedError."""
    picture = opened(version.canvas)
    for step in path_to(version):
        picture = paste(picture, step.crop, layer(step, PATCH), layer(step, ALPHA), step.opacity)
    return picture


def compose_or_opened(canvas: Canvas, version: Version | None) -> Pixels:
    return opened(canvas) if version is None else compose(version)


def layer(version: Version, name: str) -> Pixels:
    """One stored layer of a version. Raises NotFinishedError without one."""
    if name not in version.layers:
        raise NotFinishedError(f"Version {version.number} has no {name}.", version=str(version.pk), layer=name)
    return decode_png(read_file(version.key_of(name)))


def path_to(version: Version) -> list[Version]:
    """The ancestors of a version, the oldest first, itself last."""
    known = {one.pk: one for one in Version.objects.filter(canvas=version.canvas_id)}
    path: list[Version] = []
    step: Version | None = version
    while step is not None:
        path.append(step)
        step = known[step.parent_id] if step.parent_id else None
    return path[::-1]


def read_file(key: str) -> bytes:
    """A whole file. Raises FileMissingError."""
    storage: Any = default_storage
    try:
        content: bytes = storage.read(key)
    except FileNotFoundError as error:
        raise FileMissingError(f"There is no file of {key}.", key=key) from error
    return content


def write_file(key: str, content: bytes) -> None:
    """Replaces an existing file atomically."""
    default_storage.save(key, ContentFile(content))


def next_numbers(canvases: Sequence[Canvas]) -> list[int]:
    """The next numbers on these canvases, in order. Locks the canvases until the transaction ends."""
    keys = {canvas.pk for canvas in canvases}
    list(Canvas.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    rows = Version.objects.filter(canvas__in=keys).order_by().values_list("canvas").annotate(Max("number"))
    last: dict[uuid.UUID, int] = dict(rows)
    numbers = []
    for canvas in canvases:
        last[canvas.pk] = last.get(canvas.pk, 0) + 1
        numbers.append(last[canvas.pk])
    return numbers
