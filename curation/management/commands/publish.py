"""Publish pictures of the pool: what `aws s3 cp imgPool emotions` did, as a release that can be rolled back."""

import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from curation.library.filters import at_places
from curation.models import BulkOperation
from curation.services.operations import publish_images, run_operation
from garden.errors import GardenError
from garden.models import Image
from garden.models.image import ImageQuerySet

POLL_SECONDS = 0.2


class Command(BaseCommand):
    help = (
        "Publish pictures of the pool: imgPool/x becomes emotions/x, as one release per garden. Safe to repeat: "
        "published pictures are not changed. Exit code 1 when a picture could not be published."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("places", nargs="+", help="keys (imgPool/calm/img_0h.jpeg) or folders (imgPool/calm)")
        parser.add_argument("--liked", action="store_true", help="only those that curators liked")
        parser.add_argument("--note", default="", help="reason, for the history")
        parser.add_argument("--by", default="", help="user name of the publisher")
        parser.add_argument("--at", default="", help="when they go live: 2026-12-24T18:00")
        parser.add_argument("--dry-run", action="store_true", help="only list what would be published")

    def handle(self, *args: Any, **options: Any) -> None:
        images = Image.objects.pool().filter(at_places(options["places"]))
        if options["liked"]:
            images = images.liked()
        if options["dry_run"]:
            for key in images.order_by("key").values_list("key", flat=True):
                self.stdout.write(key)
            return
        try:
            operation = self._publish(images, options)
        except GardenError as error:
            raise CommandError(error.detail) from error
        if operation.state != BulkOperation.State.DONE:
            raise CommandError(operation.error)
        releases = ", ".join(str(release) for release in operation.releases.all()) or "no release"
        self.stdout.write(f"Pictures: {operation.total}. {releases}.")

    def _publish(self, images: ImageQuerySet, options: dict[str, Any]) -> BulkOperation:
        ids = list(images.values_list("pk", flat=True))
        by, at = _user(options["by"]), _time(options["at"])
        operation = publish_images(images=ids, by=by, note=options["note"], schedule=at)
        return operation if operation.state == BulkOperation.State.DONE else _see_through(operation)


def _see_through(operation: BulkOperation) -> BulkOperation:
    """Run it in this process, and show its progress."""
    with ThreadPoolExecutor(1) as pool, tqdm(total=operation.total, unit=" pictures", disable=None, delay=2) as bar:
        running = pool.submit(_run, operation.pk)
        while not running.done():
            bar.update(BulkOperation.objects.values_list("done", flat=True).get(pk=operation.pk) - bar.n)
            time.sleep(POLL_SECONDS)
        return running.result()


def _run(operation_id: UUID) -> BulkOperation:
    try:
        return run_operation(operation_id=operation_id)
    finally:
        connection.close()


def _user(name: str) -> AbstractBaseUser | None:
    if not name:
        return None
    user = get_user_model()._default_manager.filter(username=name).first()
    if user is None:
        raise CommandError(f"--by: there is no user {name!r}.")
    return user


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        when = parse_datetime(text)
    except ValueError:
        when = None
    if when is None:
        raise CommandError(f"--at: {text!r} is no time such as 2026-12-24T18:00.")
    return timezone.make_aware(when) if timezone.is_naive(when) else when
