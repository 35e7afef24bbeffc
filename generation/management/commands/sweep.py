"""Queue every combination of chosen values, from the prompt templates."""

from argparse import ArgumentParser
from itertools import product
from math import inf
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garden.errors import GardenError
from garden.vocabulary import Emotion
from generation.jobs import submit_job, time_name
from generation.orders import BulkOrder, plan_bulk
from generation.prompts.templates import SEASONS, TIMES, WEATHERS, Axis, favorite_of
from generation.queue.progress import time_left

ALL = {"seasons": SEASONS, "weathers": WEATHERS, "times": TIMES, "emotions": tuple(Emotion)}
AXES = {Axis.ANIMAL: "animals", Axis.SEASON: "seasons", Axis.WEATHER: "weathers", Axis.TIME: "times"}


class Command(BaseCommand):
    help = (
        "Queue pictures of every combination of the given values, with the enabled prompt templates in rotation. The "
        "count is shown first; nothing is queued without --yes."
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
        name = time_name()
        try:
            plan = plan_bulk(_order(options), most=inf)
            self.stdout.write(f"Pictures: {len(plan)}; the first prompt: {plan.picture(0, name).request.prompt}")
            if options["yes"]:
                job = submit_job(title=f"sweep {name}", pictures=plan.pictures(name), engine=options["engine"])
                left = time_left(job)
                about = f", about {left} at the measured pace" if left else ""
                self.stdout.write(f"Job {job.pk} is queued{about}.")
        except GardenError as error:
            raise CommandError(error.detail) from error


def _order(options: dict[str, Any]) -> BulkOrder:
    """Every combination of an animal, a season, a weather and a time is a favorite of its own."""
    emotions = _chosen(options, "emotions")
    if unknown := [emotion for emotion in emotions if emotion not in list(Emotion)]:
        raise CommandError(f"--emotions: {unknown[0]!r} is not one of {', '.join(Emotion)}.")
    chosen = [_chosen(options, name) or [""] for name in AXES.values()]
    combinations = [dict(zip(AXES, values, strict=True)) for values in product(*chosen)]
    values = {favorite_of(combination): combination for combination in combinations}
    return BulkOrder(
        emotions=tuple(Emotion(emotion) for emotion in emotions),
        favorites=tuple(values),
        values=values,
        repeats=options["repeats"],
        rotate=True,
        engine=options["engine"],
        model=options["model"],
    )


def _chosen(options: dict[str, Any], name: str) -> list[str]:
    """Each once, in order."""
    given = ALL[name] if options[name] == "all" and name in ALL else options[name].split(",")
    return list(dict.fromkeys(value.strip() for value in given if value.strip()))
