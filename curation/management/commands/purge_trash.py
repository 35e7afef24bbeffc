"""Deleting for ever what was removed long ago."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curation.models import BulkOperation
from curation.services import purge_trash, run_operation
from curation.services.operations import purgeable


class Command(BaseCommand):
    help = "Delete pictures for ever, files and thumbnails too, that have been in the trash for so many days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        days = settings.CURATION_TRASH_DAYS
        parser.add_argument("--days", type=int, default=days, help=f"longer than so many days, {days} if not said")
        parser.add_argument("--dry-run", action="store_true", help="tell what would go, delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 0:
            raise CommandError("--days must not be negative.")
        age = timedelta(days=options["days"])
        if options["dry_run"]:
            self._tell(age)
            return
        operation = purge_trash(older_than=age, note="purge_trash")
        if operation is None:
            self.stdout.write("There is nothing to delete.")
            return
        operation = run_operation(operation_id=operation.pk)
        if operation.state == BulkOperation.State.FAILED:
            raise CommandError(f"The purge stopped after {operation.done} of {operation.total}: {operation.error}")
        self.stdout.write(f"Pictures deleted for ever: {operation.done}.")

    def _tell(self, age: timedelta) -> None:
        old = purgeable(age).order_by("trashed_at")
        for key in old.values_list("key", flat=True).iterator():
            self.stdout.write(key)
        self.stdout.write(f"Pictures that would be deleted for ever: {old.count()}.")
