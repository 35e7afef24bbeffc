"""Tag readings: in the request if the tagger is quick, otherwise through the queue."""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from generation.backends import get_tagger
from generation.engines.base import OnStep, PictureRequest, orientation_of_size
from generation.jobs import SlotSpec, submit_job
from generation.models import Canvas, Slot, TagReading, TagWord, Version
from generation.models.job import Priority, SlotKind
from generation.queue.handlers import Handler, Result
from generation.retouch.settings import Crop, whole
from generation.retouch.versions import ROOT, compose_or_opened
from generation.tagging.base import Sight, Tag, Word


def read_tags(*, canvas: Canvas, version: Version | None, crop: Crop | None, by: AbstractBaseUser | None) -> TagReading:
    """The tags of a picture or of a part of it. Raises BadCropError, NotFinishedError."""
    place = (crop or whole(canvas.width, canvas.height)).check(canvas.width, canvas.height)
    reading = TagReading(canvas=canvas, version=version, **place.as_json())
    reading.by_id = by.pk if by else None
    tagger = get_tagger()
    if tagger.queue:
        return _queue(reading, tagger.queue, by)
    reading.tags, reading.tagger = [asdict(tag) for tag in _look(reading)], tagger.label
    reading.done_at = timezone.now()
    reading.save(force_insert=True)
    return reading


@dataclass(slots=True)
class TagsResult(Result):
    slot: Slot
    reading: TagReading
    tags: list[Tag]
    tagger: str
    seconds: float

    def write(self) -> None:
        """Tags have no files."""

    def save(self) -> None:
        tags = [asdict(tag) for tag in self.tags]
        TagReading.objects.filter(pk=self.reading.pk).update(tags=tags, tagger=self.tagger, done_at=timezone.now())


class TagsHandler(Handler):
    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        for done, slot in enumerate(slots):
            begun = time.perf_counter()
            on_step(done / len(slots))
            reading = TagReading.objects.select_related("canvas", "canvas__image", "version").get(slot=slot)
            tags = _look(reading)
            on_step((done + 1) / len(slots))
            yield TagsResult(slot, reading, tags, get_tagger().label, time.perf_counter() - begun)


@transaction.atomic
def _queue(reading: TagReading, engine: str, by: AbstractBaseUser | None) -> TagReading:
    key = f"{ROOT}/{reading.canvas_id}/readings/{reading.pk or uuid.uuid4()}"
    size = 64  # Nothing is made: any size that every engine takes.
    wanted = SlotSpec(
        0, orientation_of_size(size, size), key, PictureRequest("", size, size, seed=0), kind=SlotKind.TAGS
    )
    job = submit_job(title=str(reading.canvas), pictures=[wanted], engine=engine, owner=by, priority=Priority.SINGLE)
    reading.slot = job.slots.get()
    reading.save(force_insert=True)
    return reading


def _look(reading: TagReading) -> list[Tag]:
    image = reading.canvas.image
    pixels = compose_or_opened(reading.canvas, reading.version)[reading.crop.window].copy()
    said = [image.prompt if image else "", reading.version.settings.prompt_text if reading.version else ""]
    sight = Sight(pixels, prompt=", ".join(filter(None, said)), emotion=image.emotion if image else "")
    words = [Word(word.text, word.kind) for word in TagWord.objects.active()]
    return get_tagger().read(sight, words)
