"""Compare storage and database, both ways, and bring them together."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from garden.fleet.rules import update_site_alarm
from garden.models import Alarm
from garden.storage.comparison import (
    FOLDERS,
    Difference,
    DifferenceKind,
    FilesMissingError,
    find_differences,
    find_headers,
)
from garden.storage.sync import Repairer, RowsMissingError, refuse_lost_database, refuse_lost_storage

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Compare the storage with the database in both directions: new files, missing files, changed content, orphans. "
        "Nothing is changed without --apply; it can be stopped at any moment and run again. An image whose file is "
        "missing moves to the trash and returns with its file. Exit code 1 when differences remain, or when so many "
        "files or rows are missing that the storage or the database is probably the wrong one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="repair; without it differences are only reported")
        parser.add_argument(
            "--allow-missing", action="store_true", help="with --apply: also if most or all files are missing"
        )
        parser.add_argument(
            "--allow-orphans", action="store_true", help="with --apply: also delete many files without rows"
        )
        parser.add_argument(
            "--headers",
            action="store_true",
            help="also find objects of a bucket without type and cache headers; with --apply set them",
        )
        parser.add_argument("--folder", choices=FOLDERS, action="append", help="only this folder; may be repeated")
        parser.add_argument("--workers", type=int, default=8, help="files read at once (8)")
        parser.add_argument("--json", action="store_true", help="the report as JSON, with every key")

    def handle(self, *args: Any, **options: Any) -> None:
        if not hasattr(default_storage, "walk"):
            raise CommandError("The picture storage cannot list its files: use PICTURE_STORAGE.")
        folders = options["folder"] or FOLDERS
        found = _find(folders, options)
        if options["headers"]:
            found += _find_headers(folders, options["workers"])
        repairer = Repairer(options["workers"])
        if options["apply"]:
            if set(folders) == set(FOLDERS):
                update_site_alarm(Alarm.Kind.FILES_MISSING, "")
            for _ in tqdm(repairer.repair(found), total=len(found), unit=" differences", disable=None, delay=2):
                pass
        self._report(found, repairer, options)
        if _remaining(found, repairer, applied=options["apply"]):
            raise SystemExit(1)

    def _report(self, found: list[Difference], repairer: Repairer, options: dict[str, Any]) -> None:
        if options["json"]:
            report = {
                "differences": [{"kind": each.kind, "key": each.key, "detail": each.detail} for each in found],
                "repaired": {str(kind): count for kind, count in (+repairer.done).items()},
                "problems": [{"key": key, "problem": problem} for key, problem in repairer.problems],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for kind, count in sorted(Counter(difference.kind for difference in found).items()):
            self.stdout.write(f"{kind:16} {count:>9,}  repaired {repairer.done[kind]:>9,}")
        for difference in [each for each in found if each.kind is not DifferenceKind.UNREAD][:SHOWN]:
            self.stdout.write(f"  {difference.kind}: {difference.key} {difference.detail}".rstrip())
        for key, problem in repairer.problems[:SHOWN]:
            self.stdout.write(f"  cannot be read: {key}: {problem}")
        if not found:
            self.stdout.write("Storage and database agree.")


def _find(folders: Sequence[str], options: dict[str, Any]) -> list[Difference]:
    try:
        found = list(tqdm(find_differences(folders), desc="compared", unit=" differences", disable=None, delay=2))
        if options["apply"] and not options["allow_missing"]:
            refuse_lost_storage(found, folders)
        if options["apply"] and not options["allow_orphans"]:
            refuse_lost_database(found)
    except FilesMissingError as error:
        raise CommandError(
            f"{error.detail} Nothing was changed. Check PICTURE_STORAGE and DATA_DIR; if these files are really gone, "
            "--allow-missing moves their images to the trash."
        ) from error
    except RowsMissingError as error:
        raise CommandError(
            f"{error.detail} Nothing was changed. Check DATABASE_URL; if nothing needs these files, "
            "--allow-orphans deletes them."
        ) from error
    return found


def _find_headers(folders: Sequence[str], workers: int) -> list[Difference]:
    storage: Any = default_storage
    if not hasattr(storage, "set_headers"):
        raise CommandError("--headers needs a bucket; files on a disk have no headers.")
    return list(tqdm(find_headers(storage, workers, folders), desc="headers", unit="", disable=None, delay=2))


def _remaining(found: list[Difference], repairer: Repairer, *, applied: bool) -> bool:
    if not applied:
        return any(difference.kind is not DifferenceKind.UNREAD for difference in found)
    return bool(repairer.problems) or any(difference.kind is DifferenceKind.REFUSED for difference in found)
