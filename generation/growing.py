"""Pictures grown for a visitor at a kiosk, who watches: one slot each, scheduled before all other work.

The stages of a picture are kept in the shared cache for a few minutes; the finished one waits in the pool for review.
"""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from PIL import Image as PillowImage

from garden.errors import GardenError, RefusedError, UnavailableError
from garden.models import Image
from garden.storage.thumbnails import STAGES, write_stages
from garden.vocabulary import Emotion, Orientation
from generation.backends import get_engine
from generation.engines.base import LETTERS, PAIR, OnStep, PictureRequest
from generation.jobs import SlotSpec, cancel_slot, submit_job
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.models.job import OPEN, Priority, SlotState
from generation.orders import SEEDS, pool_folder
from generation.prompts.templates import SEASONS, STYLE, WEATHERS, Axis, Template, bulk_prompt, favorite_of, values_of
from generation.queue.handlers import PictureHandler, PictureResult, Result
from generation.safety import is_safe

MOST_OPEN = 60
"""Growing pictures of the site; the next visitor gets curated ones at once."""
STAGES_SECONDS = 300
KEPT = timedelta(days=1)
"""How long the job of a grown picture is kept; the picture stays."""
PREVIEW_SIDE = 1280
WEATHER = "site.weather"
"""Cache key of the weather that an operator reported."""
_TITLE = "Grown for a visitor"


class GrowingOffError(GardenError):
    """The site grows no pictures."""

    code = "growing_off"
    status = 403


class UnknownGrowthError(GardenError):
    code = "unknown_growth"
    status = 404


class GrowthRefusedError(RefusedError):
    code = "growth_refused"


class TooManyGrowingError(UnavailableError):
    code = "too_many_growing"


@dataclass(frozen=True, slots=True)
class Growth:
    """`ahead` is how many are made before it; `stages` how many of its stages can be shown, the last one finished."""

    state: SlotState
    ahead: int
    stages: int
    image: Image | None


def grow_picture(*, request_id: UUID, emotion: Emotion, favorite: str, orientation: Orientation) -> GenerationJob:
    """Queue a picture for a visitor. The same request again returns the same job.

    Raises GrowingOffError, GrowthRefusedError, TooManyGrowingError.
    """
    if not settings.GROW_ENGINE:
        raise GrowingOffError("This site grows no pictures.")
    if favorite and not Image.objects.serving().of_emotion(emotion, favorite).exists():
        raise GrowthRefusedError(f"No picture of {emotion} shows {favorite!r}.", field="favorite")
    key = f"grow:{request_id}"
    if Slot.objects.open().filter(priority=Priority.KIOSK).count() >= MOST_OPEN:
        raise TooManyGrowingError("Too many pictures are growing at once.")
    prompt = _prompt(emotion, favorite)
    width, height = PAIR[orientation]
    spec = SlotSpec(
        0,
        orientation,
        f"{pool_folder(emotion, favorite)}/img_grown_{request_id.hex}{LETTERS[orientation]}.jpeg",
        PictureRequest(prompt.text, width, height, random.randrange(SEEDS), negative_prompt=prompt.negative),
        template=prompt.record,
    )
    return submit_job(
        title=_TITLE, pictures=[spec], engine=settings.GROW_ENGINE, priority=Priority.KIOSK, request_key=key
    )


def read_growth(job: UUID) -> Growth:
    """How far it is. Raises UnknownGrowthError."""
    slot = _slot(job)
    ahead = 0
    if slot.state == SlotState.QUEUED:
        before = Slot.objects.filter(priority=Priority.KIOSK, pk__lt=slot.pk, state__in=OPEN)
        ahead = before.filter(engine=slot.engine).count()
    return Growth(SlotState(slot.state), ahead, cache.get(_stages_key(job), 0), slot.image)


def read_stage(job: UUID, number: int) -> bytes:
    """A stage as JPEG, counted from 1. Raises UnknownGrowthError for one that is not there, or no longer."""
    content: bytes | None = cache.get(_stage_key(job, number))
    if content is None:
        raise UnknownGrowthError("There is no such stage.")
    return content


def stop_growth(job: UUID) -> None:
    """The visitor left or waited too long. Raises UnknownGrowthError."""
    cancel_slot(slot=_slot(job))


def prune_growths(now: datetime | None = None) -> int:
    """Delete the jobs of grown pictures after KEPT; returns how many."""
    old = GenerationJob.objects.filter(priority=Priority.KIOSK, created_at__lt=(now or timezone.now()) - KEPT)
    ended = old.in_state(GenerationJob.State.FINISHED) | old.in_state(GenerationJob.State.CANCELLED)
    return GenerationJob.objects.filter(pk__in=ended.values("pk")).delete()[0]


def set_weather(weather: str, hours: int) -> None:
    """What grown pictures show from now on, one of WEATHERS; empty: no weather."""
    cache.set(WEATHER, weather, hours * 3600)


def moment_of(now: datetime) -> dict[Axis, str]:
    """Season, weather and time of the site, as prompts name them; the weather only where it was reported."""
    season = (now.month // 3 - 1 + (2 if settings.SITE_HEMISPHERE == "south" else 0)) % 4
    hours = ((5, "night"), (10, "morning"), (17, "day"), (21, "evening"))
    time = next((name for end, name in hours if now.hour < end), "night")
    weather = cache.get(WEATHER)
    reported = {Axis.WEATHER: weather} if weather in WEATHERS else {}
    return {Axis.SEASON: SEASONS[season], Axis.TIME: time, **reported}


def _slot(job: UUID) -> Slot:
    slot = Slot.objects.select_related("image", "job").filter(job=job, priority=Priority.KIOSK).first()
    if slot is None:
        raise UnknownGrowthError("There is no such growing picture.")
    return slot


def _prompt(emotion: Emotion, favorite: str) -> Template:
    """Raises GrowthRefusedError."""
    values = {**moment_of(timezone.localtime()), **values_of(favorite)}
    if settings.GROW_ENGINE == "painter":
        prompt = Template(bulk_prompt(emotion, favorite_of(values), STYLE))
    else:
        templates = PromptTemplate.objects.active().of_emotions([emotion]).by_emotion().get(emotion)
        if not templates:
            raise GrowthRefusedError(f"No prompt template of {emotion} is enabled.", field="emotion")
        chosen = random.choice(templates)
        prompt = Template(chosen.fill({**values, Axis.EMOTION: emotion}), chosen.negative, chosen.record)
    blocked = [word for word in settings.GROW_BLOCKED_WORDS if word.lower() in prompt.text.lower()]
    if blocked:
        raise GrowthRefusedError(f"The prompt has the blocked word {blocked[0]!r}.", field="favorite")
    return prompt


def _stages_key(job: UUID) -> str:
    return f"growth.{job}"


def _stage_key(job: UUID, number: int) -> str:
    return f"growth.{job}.{number}"


@dataclass(slots=True)
class GrowthResult(PictureResult):
    """`stages` are JPEG files of the unfinished picture, oldest first."""

    stages: Sequence[bytes] = ()

    def write(self) -> None:
        kept = self.stages[:: max(1, -(-len(self.stages) // STAGES))]
        write_stages(self.slot.key, kept)
        PictureResult.write(self)
        self.image.parameters["stages"] = len(kept)
        self.image.grown_at = self.image.published_at = timezone.now()


class GrowthHandler(PictureHandler):
    """Shows the stages of a picture that is made alone; several visitors' pictures are made in one batch.

    A picture, or a stage of it, that the safety check refuses is neither shown nor stored; its slot fails at once.
    """

    def work(self, slots: Sequence[Slot], on_step: OnStep) -> Iterator[Result]:
        engine = get_engine(slots[0].engine)
        stages: list[bytes] = []

        def show(image: PillowImage.Image) -> None:
            _check_safety(slots[0], image)
            stages.append(_jpeg(image))
            _show_stage(slots[0].job_id, len(stages), stages[-1])

        if len(slots) == 1:
            made = iter([engine.grow(slots[0].request, show, on_step)])
        else:
            made = engine.make([slot.request for slot in slots], on_step)
        for picture in made:
            slot = slots[picture.index]
            _check_safety(slot, picture.image)
            _show_stage(slot.job_id, len(stages) + 1, _jpeg(picture.image))
            yield GrowthResult(slot, picture, picture.seconds, stages)


def _check_safety(slot: Slot, image: PillowImage.Image) -> None:
    """Raises GrowthRefusedError. What the painter can draw is known."""
    if slot.engine != "painter" and not is_safe(image):
        raise GrowthRefusedError("The safety check refuses the picture.")


def _jpeg(image: PillowImage.Image) -> bytes:
    shown = image.convert("RGB")
    shown.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    content = io.BytesIO()
    shown.save(content, "JPEG", quality=85)
    return content.getvalue()


def _show_stage(job: UUID, number: int, content: bytes) -> None:
    """The stage first, then their number: who reads the number finds the stage."""
    cache.set(_stage_key(job, number), content, STAGES_SECONDS)
    cache.set(_stages_key(job), number, STAGES_SECONDS)
