"""Queue pictures from the command line."""

import time
from argparse import ArgumentParser
from math import inf
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.errors import GardenError
from garden.vocabulary import Emotion
from generation.jobs import submit_job, time_name
from generation.models import GenerationJob
from generation.orders import BulkOrder, plan_bulk, pool_folder

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Queue landscape and portrait pictures of an emotion for the pool. Exit code 1 when one of them failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("emotion", choices=[emotion.value for emotion in Emotion])
        parser.add_argument("--count", type=int, default=1, help="pairs of a landscape and a portrait picture")
        parser.add_argument("--favorite", default="", help="cat, or spring,cloudy,day")
        parser.add_argument("--text", default="", help="words for the emotion in the prompt")
        parser.add_argument("--others", default="flowers, garden", help="style words at the end of the prompt")
        parser.add_argument("--negative", default="", help="what the pictures should not show")
        parser.add_argument("--engine", default="", help="default: GENERATION_DEFAULT_ENGINE")
        parser.add_argument("--model", default="", help="default: the engine's own")
        parser.add_argument("--wait", action="store_true", help="wait until they are made, with a progress bar")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be queued")

    def handle(self, *args: Any, **options: Any) -> None:
        emotion = Emotion(options["emotion"])
        order = BulkOrder(
            emotions=(emotion,),
            words={emotion: options["text"]},
            favorites=(options["favorite"],),
            others=options["others"],
            negative=options["negative"],
            repeats=options["count"],
            engine=options["engine"],
            model=options["model"],
        )
        name = time_name()
        try:
            plan = plan_bulk(order, most=inf)
            if options["dry_run"]:
                prompt = plan.picture(0, name).request.prompt
                self.stdout.write(f"Pictures that would be queued: {len(plan)}; the first prompt: {prompt}")
                return
            title = f"{pool_folder(emotion, options['favorite'])}/{name}"
            job = submit_job(title=title, pictures=plan.pictures(name), engine=options["engine"])
        except GardenError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"Job {job.pk}. Pictures queued: {len(plan)}.")
        if options["wait"]:
            watch(job)


def watch(job: GenerationJob) -> None:
    """Show a bar until nothing of the job is open. Raises CommandError when a picture failed."""
    total = job.slots.count()
    with tqdm(total=total, unit="picture") as bar:
        while left := job.slots.open().count():
            bar.update(total - left - bar.n)
            time.sleep(POLL_SECONDS)
        bar.update(total - bar.n)
    failed = job.slots.filter(state="failed")
    if first := failed.first():
        raise CommandError(f"Pictures failed: {failed.count()} of {total}; the first error: {first.error.strip()}")
