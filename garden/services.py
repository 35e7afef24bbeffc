"""Pictures are stored and described; views, commands and engines call these."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

import PIL.Image
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from garden.broker import enqueue
from garden.errors import GardenError, StorageUnavailableError
from garden.models import Image


def register_image(*, key: str, content: bytes, origin: str, **described: Any) -> Image:
    """Store a picture's bytes under its key, then say that it exists. Repeating it changes nothing."""
    return save_image(write_image(key=key, content=content, origin=origin, **described))


def write_image(
    *,
    key: str,
    content: bytes,
    origin: str,
    prompt: str = "",
    model: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> Image:
    """Store the file and describe it, without a row yet.

    The file is written first: a row without its file is the one thing a visitor must never meet.
    """
    image = Image(key=key, origin=origin, prompt=prompt, model=model, parameters=dict(parameters or {})).fill_from_key()
    with PIL.Image.open(io.BytesIO(content)) as picture:
        image.width, image.height = picture.size
    image.content_hash = hashlib.sha256(content).hexdigest()
    if image.state == Image.State.SERVING:
        image.published_at = timezone.now()
    _store(key, content)
    return image


def _store(key: str, content: bytes) -> None:
    """Raises StorageUnavailableError for whatever storages raise: no room, no network, no permission."""
    try:
        default_storage.save(key, ContentFile(content))
    except (GardenError, SuspiciousOperation):
        raise
    except Exception as error:
        raise StorageUnavailableError(f"The storage cannot take a file: {error}") from error


_PLACE = ("emotion", "favorite", "orientation", "state", "grown_at", "published_at")
_DESCRIPTION = ("width", "height", "prompt", "parameters", "origin", "model", "content_hash")


def save_image(image: Image) -> Image:
    """The row of a written image. An existing row gets the new description and keeps its state."""
    described = {name: getattr(image, name) for name in _DESCRIPTION}
    placed = {name: getattr(image, name) for name in _PLACE}
    saved, _ = Image.objects.update_or_create(
        key=image.key, defaults=described, create_defaults={**described, **placed}
    )
    enqueue("garden.tasks.make_thumbnail_of", saved.pk)
    return saved


def save_images(images: Sequence[Image]) -> list[Image]:
    """As `save_image` for each, with one statement for a new row; call it in a transaction."""
    known = set(Image.objects.filter(key__in=[image.key for image in images]).values_list("key", flat=True))
    saved = []
    for image in images:
        if image.key in known:
            saved.append(save_image(image))
            continue
        image.save(force_insert=True)
        enqueue("garden.tasks.make_thumbnail_of", image.pk)
        saved.append(image)
    return saved
