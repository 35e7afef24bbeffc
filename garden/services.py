"""What the garden does with a photo and with pictures; views and commands call these."""

import hashlib
import io
import logging
import os
import threading
import uuid
from collections.abc import Mapping
from typing import Any

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from garden.emotion.base import AnalyzerUnavailableError, FaceReading
from garden.emotion.registry import get_face_analyzer
from garden.errors import GardenError
from garden.models import Image, Kiosk, Visitor
from garden.thumbnails import ask_for_thumbnail
from garden.walls.crowd import note_mood
from garden.walls.hanging import zone_for

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that a photo waits for its turn before its kiosk is asked to come again."""
_readings = threading.BoundedSemaphore(os.cpu_count() or 1)
"""A decoded photo takes up to hundreds of megabytes: no more at once than cores, whatever the number of threads."""


def read_visitor(*, photo: bytes, visitor_id: str = "", kiosk: Kiosk | None = None) -> tuple[Visitor, FaceReading]:
    """Read the photo and remember what was read, never the photo. Raises the analyzer's errors."""
    reading = _read_face(photo)
    visitor = Visitor.objects.remember(visitor_id or str(uuid.uuid4()), reading)
    note_mood(zone_for(kiosk), visitor.id, reading.emotion.value)
    return visitor, reading


def _read_face(photo: bytes) -> FaceReading:
    if not _readings.acquire(timeout=PATIENCE):
        raise AnalyzerUnavailableError("Too many photos are being read at this moment.")
    try:
        return get_face_analyzer().read(photo)
    except GardenError:
        raise
    except Exception as error:  # A backend's surprise: its message and frames may hold the photo, so neither travels.
        logger.error("The face analyzer failed with %s.", type(error).__name__)
    finally:
        _readings.release()
    raise AnalyzerUnavailableError("The face analyzer cannot answer now.")


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
    default_storage.save(key, ContentFile(content))
    return image


_DESCRIPTION = ("width", "height", "prompt", "parameters", "origin", "model", "content_hash")


def save_image(image: Image) -> Image:
    """The row of a written image. One that exists is described anew and stays where curators put it."""
    described = {name: getattr(image, name) for name in _DESCRIPTION}
    placed = {name: getattr(image, name) for name in ("emotion", "favorite", "orientation", "state", "published_at")}
    saved, _ = Image.objects.update_or_create(
        key=image.key, defaults=described, create_defaults={**described, **placed}
    )
    ask_for_thumbnail(saved)
    return saved
