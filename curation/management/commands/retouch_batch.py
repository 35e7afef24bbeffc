"""The same retouch on many pictures from the command line: those of the garden, or those of a folder."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.services.retouch_batch import BatchRequest, follow, give_out, read_request
from garden.errors import GardenError
from generation.jobs import retry_failed
from generation.models import RetouchBatch
from generation.retouch.batch.items import counts_of, report_rows, write_table
from generation.retouch.batch.orders import preview_batch, run_batch

WRONG, INTERRUPTED = 2, 130


class Command(BaseCommand):
    help = (
        "Retouch many pictures with one recipe (JSON). Run again, the same command continues where it stopped and "
        "makes nothing twice. Exit codes: 0 all are done, 1 some failed, 2 the recipe or an option is invalid, 130 "
        "interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("recipe", help="a JSON file, - for standard input; or a retouching client's script")
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--pictures", nargs="+", metavar="PLACE", help="keys, or folders such as imgPool/calm")
        chosen.add_argument("--folder", type=Path, help="pictures on this machine, subfolders included")
        parser.add_argument("--into", default="", help="a folder for the results, or pool")
        parser.add_argument("--type", choices=["png", "jpeg", "webp"], default="png", help="file type of the results")
        parser.add_argument("--emotion", default="", help="with --folder and --into pool: emotion of the new pictures")
        parser.add_argument("--favorite", default="", help="favorite, with --emotion")
        parser.add_argument("--mask", type=Path, help="for the region mask: a picture, white where it is repainted")
        parser.add_argument("--by", default="", help="user name of the requester")
        parser.add_argument("--again", action="store_true", help="also pictures that this recipe has made before")
        parser.add_argument("--retry", action="store_true", help="retry failed ones of the same command")
        parser.add_argument("--preview", action="store_true", help="only the first, the middle and the last")
        parser.add_argument("--work", action="store_true", help="also work in this process")
        parser.add_argument("--report", type=Path, help="write the result of each picture to this file (.csv or .json)")
        parser.add_argument("--dry-run", action="store_true", help="only list the selected pictures")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(options)
        except KeyboardInterrupt:
            self.stderr.write("Interrupted. The same command goes on.")
            sys.exit(INTERRUPTED)

    def _handle(self, options: dict[str, Any]) -> None:
        try:
            request = read_request(options)
            batch = None if options["dry_run"] else _queue(request, options)
        except GardenError as error:
            raise CommandError(error.detail, returncode=WRONG) from error
        if batch is None:
            self._list(request)
        else:
            self._see_through(batch, request, options)

    def _see_through(self, batch: RetouchBatch, request: BatchRequest, options: dict[str, Any]) -> None:
        self.stdout.write(f"Batch {batch.pk}: {batch.title}")
        follow(batch, with_work=options["work"])
        missed = give_out(batch, request)
        self._report(batch, options["report"])
        self._end(batch, missed)

    def _list(self, request: BatchRequest) -> None:
        for number, name in request.names().items():
            self.stdout.write(f"{number:>6}  {name}")
        if request.cost is not None:
            self.stdout.write(f"At most {request.cost} credits of {request.by}.")

    def _report(self, batch: RetouchBatch, path: Path | None) -> None:
        if path is None:
            return
        with path.open("w", encoding="utf-8", newline="") as file:
            if path.suffix == ".json":
                described = {"id": str(batch.pk), "counts": counts_of(batch), "pictures": list(report_rows(batch))}
                json.dump(described, file, indent=2)
            else:
                write_table(file, report_rows(batch))

    def _end(self, batch: RetouchBatch, missed: list[str]) -> None:
        counts = counts_of(batch)
        for row in report_rows(batch):
            if row["state"] == "failed":
                self.stderr.write(f"{row['name']}: {row['reason']}")
        for sentence in missed:
            self.stderr.write(sentence)
        described = ", ".join(f"{count} {state}" for state, count in counts.items() if count and state != "all")
        self.stdout.write(f"{counts['all']} pictures: {described}.")
        if missed or batch.items.in_state("failed", "cancelled").exists():
            sys.exit(1)


def _queue(request: BatchRequest, options: dict[str, Any]) -> RetouchBatch:
    batch = request.plan()
    if options["retry"] and batch.job is not None:
        retry_failed(job=batch.job)
    return (preview_batch if options["preview"] else run_batch)(batch=batch)
