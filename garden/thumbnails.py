"""Making small copies: whoever else wants to look at a decoded picture is told of it, so that it is decoded once."""

import logging
import time
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import transaction

from garden.errors import GardenError
from garden.models import Image, Thumbnail
from garden.models.image import ImageQuerySet
from garden.signals import picture_decoded
from garden.storage.keys import SERVING
from garden.storage.screens import make_screens, screen_key
from garden.storage.thumbnails import shrink_picture, write_derived, write_thumbnail

logger = logging.getLogger(__name__)
AT_ONCE = 20


def make_thumbnail(*, image: Image) -> bool:
    """File first, then the row. Returns whether it is there now; what went wrong is noted, never raised."""
    try:
        with default_storage.open(image.key) as stored:
            content: bytes = stored.read()
        picture = shrink_picture(content)
        write_thumbnail(image.key, picture.data)
        screens = _write_screens(image, content)
        with transaction.atomic():
            picture_decoded.send(Image, image=image, small=picture.small)
            Thumbnail.objects.note_made(image, screens)
    except Exception as error:  # The boundary of the work: a storage raises what it likes.
        _note_failure(image, error)
        return False
    return True


def _write_screens(image: Image, content: bytes) -> list[str]:
    """Only what was published is shown on screens."""
    if not image.key.startswith(f"{SERVING}/"):
        return []
    names = []
    for name, data in make_screens(content):
        write_derived(screen_key(image.key, name), data)
        names.append(name)
    return names


def make_thumbnails(*, images: ImageQuerySet) -> Iterator[bool]:
    """For each image, newest first, whether its copy was made."""
    last = None
    while batch := list((images if last is None else images.filter(pk__lt=last)).order_by("-pk")[:AT_ONCE]):
        for image in batch:
            yield make_thumbnail(image=image)
        last = batch[-1].pk


def sweep_thumbnails(*, seconds: float) -> int:
    """Make those that no message led to, for a while; returns how many."""
    ends, made = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (ids := Thumbnail.objects.missing_lately(AT_ONCE)):
        for image in Image.objects.filter(pk__in=ids):
            made += make_thumbnail(image=image)
    return made


def _note_failure(image: Image, error: Exception) -> None:
    told = error.detail if isinstance(error, GardenError) else f"{type(error).__name__}: {error}"
    logger.warning("No thumbnail of %s: %s", image.key, told)
    if Image.objects.filter(pk=image.pk).exists():
        Thumbnail.objects.note_failure(image, told, permanent=isinstance(error, GardenError))
