"""Queue every combination of chosen values, from the prompt templates."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.errors import GardenError
from garden.vocabulary import Emotion
from generation.engines.base import PictureRequest
from generation.jobs import WantedPicture, submit_job, time_name
from generation.models import PromptTemplate
from generation.orders import pool_folder, seed_of
from generation.prompts.templates import SEASONS, TIMES, WEATHERS, Choices, PlannedPicture, Sweep
from generation.queue.progress import time_left
from generation.resolutions import LETTERS, PAIR

ALL = {"seasons": SEASONS, "weathers": WEATHERS, "times": TIMES, "emotions": tuple(Emotion)}


class Command(BaseCommand):
    help = (
        "Queue pictures of every combination of the chosen values, from the prompt templates in use, in rotation. "
        "The count is shown first; nothing is queued without --yes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("emotions", "seasons", "weathers", "times"):
            parser.add_argument(f"--{name}", default="all" if name == "emotions" else "", help="a,b,c or all")
        parser.add_argument("--animals", default="", help="cat,dog,…")
        parser.add_argument("--repeats", type=int, default=1, help="how often each combination is made")
        parser.add_argument("--engine", default="", help="default: GENERATION_DEFAULT_ENGINE")
        parser.add_argument("--model", default="", help="default: the engine's own")
        parser.add_argument("--yes", action="store_true", help="queue them; without it only the count is shown")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sweep = Sweep(PromptTemplate.objects.active().by_emotion(), _choices(options))
            self.stdout.write(f"Pictures: {len(sweep)}; the first prompt: {sweep[0].prompt}")
            if options["yes"]:
                self._queue(sweep, options)
        except GardenError as error:
            raise CommandError(error.detail) from error

    def _queue(self, sweep: Sweep, options: dict[str, Any]) -> None:
        name = time_name()
        pictures = _wanted(sweep, name, options["model"])
        job = submit_job(title=f"sweep {name}", pictures=pictures, engine=options["engine"])
        left = time_left(job)
        about = f", about {left} at the measured pace" if left else ""
        self.stdout.write(f"Job {job.pk} is queued{about}.")


def _choices(options: dict[str, Any]) -> Choices:
    def chosen(name: str) -> tuple[str, ...]:
        if options[name] == "all":
            return ALL[name]
        return tuple(value.strip() for value in options[name].split(",") if value.strip())

    emotions = chosen("emotions")
    unknown = [emotion for emotion in emotions if emotion not in list(Emotion)]
    if unknown:
        raise CommandError(f"--emotions: {unknown[0]!r} is not one of {', '.join(Emotion)}.")
    return Choices(
        emotions=[Emotion(emotion) for emotion in emotions],
        animals=chosen("animals"),
        weathers=chosen("weathers"),
        seasons=chosen("seasons"),
        times=chosen("times"),
        repeats=options["repeats"],
    )


def _wanted(sweep: Sweep, name: str, model: str) -> Iterator[WantedPicture]:
    """Slots of a job are numbered on; keys count within their emotion, as its folder does."""
    pairs = len(PAIR)
    for position in range(len(sweep)):
        planned = sweep[position]
        request = _request(planned, name, model)
        yield WantedPicture(
            position // pairs, planned.orientation, _key(planned, name), request, template=planned.template
        )


def _key(planned: PlannedPicture, name: str) -> str:
    folder = pool_folder(planned.emotion, planned.favorite)
    return f"{folder}/{name}_{planned.index}{LETTERS[planned.orientation]}.jpeg"


def _request(planned: PlannedPicture, name: str, model: str) -> PictureRequest:
    width, height = PAIR[planned.orientation]
    seed = seed_of(_key(planned, name))
    return PictureRequest(planned.prompt, width, height, seed, planned.negative, model)
