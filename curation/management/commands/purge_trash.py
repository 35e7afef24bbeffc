"""Delete permanently what was removed long ago."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curation.models import BulkOperation
from curation.services.operations import purge_trash, purgeable, run_operation


class Command(BaseCommand):
    help = "Permanently delete pictures, with files and thumbnails, that have been in the trash for so many days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        days = settings.CURATION_TRASH_DAYS
        parser.add_argument("--days", type=int, default=days, help=f"longer than so many days (default: {days})")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 0:
            raise CommandError("--days must not be negative.")
        age = timedelta(days=options["days"])
        if options["dry_run"]:
            self._list(age)
            return
        operation = purge_trash(older_than=age, note="purge_trash")
        if operation is None:
            self.stdout.write("There is nothing to delete.")
            return
        operation = run_operation(operation_id=operation.pk)
        if operation.state == BulkOperation.State.FAILED:
            raise CommandError(f"The purge stopped after {operation.done} of {operation.total}: {operation.error}")
        self.stdout.write(f"Pictures deleted permanently: {operation.done}.")

    def _list(self, age: timedelta) -> None:
        old = purgeable(age).order_by("trashed_at")
        for key in old.values_list("key", flat=True).iterator():
            self.stdout.write(key)
        self.stdout.write(f"Pictures that would be deleted permanently: {old.count()}.")
