"""Look at jobs and steer them from the command line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from garden.errors import GardenError
from generation.api.serializers import JobSerializer
from generation.jobs import ACTIONS
from generation.management.commands.generate import watch
from generation.models import GenerationJob
from generation.models.job import JobState

SHOWN = 20


class Command(BaseCommand):
    help = "List jobs, or show, watch, pause, resume, cancel or retry one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", default="list", choices=["list", "show", "watch", *ACTIONS])
        parser.add_argument("job", nargs="?", help="the job's id")
        parser.add_argument("--state", choices=JobState.values, default="", help="list only jobs in this state")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            jobs = GenerationJob.objects.by_staff().in_state(options["state"]).newest(SHOWN).with_counts()
            self._show(list(jobs), options["json"])
            return
        job = self._job(options["job"])
        if options["action"] == "watch":
            watch(job)
            return
        if options["action"] in ACTIONS:
            try:
                ACTIONS[options["action"]](job=job)
            except GardenError as error:
                raise CommandError(error.detail) from error
        self._show([self._job(options["job"])], options["json"])

    def _job(self, pk: str | None) -> GenerationJob:
        if not pk:
            raise CommandError("Name a job by its id; `manage.py jobs` lists them.")
        try:
            return GenerationJob.objects.with_counts().get(pk=pk)
        except (GenerationJob.DoesNotExist, ValidationError) as error:
            raise CommandError(f"There is no job {pk}.") from error

    def _show(self, jobs: list[GenerationJob], as_json: bool) -> None:
        described = [JobSerializer(job).data for job in jobs]
        if as_json:
            self.stdout.write(json.dumps(described, default=str, indent=2))
            return
        for job in described:
            slots = job["slots"]
            left = "" if job["secondsLeft"] is None else f"  {job['secondsLeft']:.0f} s left"
            self.stdout.write(
                f"{job['id']}  {job['state']:9}  {slots['done']}/{slots['all']} done, "
                f"{slots['failed']} failed{left}  {job['title']}"
            )
