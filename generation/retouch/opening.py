"""A picture onto the easel: a copy of it is kept, so that its versions outlive whatever happens to it."""

import hashlib
import uuid

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from garden.models import Image
from generation.models import Canvas
from generation.retouch.crop import SMALLEST
from generation.retouch.errors import BadLayerError, VersionTakenError
from generation.retouch.files import read_file, write_file
from generation.retouch.pixels import format_of, read_picture

ROOT = "retouch"
SUFFIXES = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}


def open_image(*, image: Image, by: AbstractBaseUser | None) -> Canvas:
    """The canvas of an image's present file; opened twice it is one. Raises FileMissingError, BadLayerError."""
    known = Canvas.objects.of_image(image).first()
    if known:
        return known
    return _keep(read_file(image.key), title=image.key, by=by, image=image)


def open_upload(
    *, content: bytes, title: str, by: AbstractBaseUser | None, canvas_id: uuid.UUID | None = None
) -> Canvas:
    """The canvas of an uploaded picture; the same id again is the same canvas. Raises BadLayerError."""
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
    """Somebody may have opened the same picture meanwhile: then theirs is the one."""
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
