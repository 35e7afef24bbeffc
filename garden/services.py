"""What the garden does with a photo and with pictures; views and commands call these."""

import hashlib
import io
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

import PIL.Image
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from garden.broker import enqueue
from garden.errors import GardenError, StorageUnavailableError
from garden.faces.base import FaceReading
from garden.faces.frames import smoothed
from garden.faces.pool import ReadingPool
from garden.faces.quality_check import let_through, quality_limits
from garden.faces.registry import get_face_analyzer
from garden.metrics import counted_own_reading, counted_reading
from garden.models import Image, Kiosk, Visitor
from garden.privacy.photo_processing import PhotoProcessing, admit_own_reading
from garden.walls.audience import note_mood
from garden.walls.service import zone_for

reading_pool = ReadingPool(deadline=settings.FACE_READING_SECONDS)


def read_visitor(
    *, photo: bytes, visitor_id: str = "", kiosk: Kiosk | None = None, consent: str = "", looks_again: bool = False
) -> tuple[Visitor, FaceReading]:
    """Read the photo and remember what was read, never the photo. The caller must not hold the photo itself.

    Who `looks_again` is refused what the quality check refuses. Raises what the rules of privacy say, the check's
    errors and the analyzer's; then nothing is remembered.
    """
    processing = PhotoProcessing.begin(kiosk=kiosk, consent=consent)
    processing.read(partial(counted_reading, partial(_read_face, looks_again)), photo)
    del photo  # Nobody holds its bytes from here on.
    reading = processing.end()
    return _remember(reading, visitor_id, kiosk), reading


def take_reading(
    *, reading: FaceReading, reader: str, visitor_id: str = "", kiosk: Kiosk | None, consent: str = ""
) -> Visitor:
    """Remember what a kiosk read in its own page; `reader` is its program. Raises what the rules of privacy say."""
    counted_own_reading(reading, partial(admit_own_reading, reading, reader=reader, kiosk=kiosk, consent=consent))
    return _remember(reading, visitor_id, kiosk)


def _remember(reading: FaceReading, visitor_id: str, kiosk: Kiosk | None) -> Visitor:
    visitor = Visitor.objects.remember(visitor_id or str(uuid.uuid4()), reading)
    note_mood(zone_for(kiosk), visitor.id, reading.emotion.value)
    return visitor


def _read_face(looks_again: bool, photo: bytes) -> FaceReading:
    analyzer = get_face_analyzer()
    reading = reading_pool.read(smoothed(analyzer.read, quality_limits(), analyzer.most_frames), photo)
    return let_through(reading, looks_again=looks_again)


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


_DESCRIPTION = ("width", "height", "prompt", "parameters", "origin", "model", "content_hash")


def save_image(image: Image) -> Image:
    """The row of a written image. One that exists is described anew and stays where curators put it."""
    described = {name: getattr(image, name) for name in _DESCRIPTION}
    placed = {name: getattr(image, name) for name in ("emotion", "favorite", "orientation", "state", "published_at")}
    saved, _ = Image.objects.update_or_create(
        key=image.key, defaults=described, create_defaults={**described, **placed}
    )
    enqueue("garden.tasks.make_thumbnail_of", saved.pk)
    return saved
