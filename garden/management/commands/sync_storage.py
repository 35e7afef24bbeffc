"""Compare storage and database, both ways, and bring them together."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import CommandError

from garden.fleet.rules import update_site_alarm
from garden.management.file_command import FileCommand
from garden.models import Alarm
from garden.storage.comparison import FOLDERS, Difference, DifferenceKind, find_differences, find_headers
from garden.storage.sync import Repairer, refuse_lost_database, refuse_lost_storage


class Command(FileCommand):
    has_dry_run = False  # It changes nothing without --apply.
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
        super().add_arguments(parser)

    def report(self, options: dict[str, Any], tick: Callable[..., object]) -> tuple[dict[str, Any], bool]:
        folders = options["folder"] or FOLDERS
        found = []
        for difference in _differences(options):
            found.append(difference)
            tick()
        if options["apply"] and not options["allow_missing"]:
            refuse_lost_storage(found, folders)
        if options["apply"] and not options["allow_orphans"]:
            refuse_lost_database(found)
        repairer, kinds = Repairer(options["workers"]), {difference.kind for difference in found}
        if options["apply"]:
            if set(folders) == set(FOLDERS):
                update_site_alarm(Alarm.Kind.FILES_MISSING, "")
            for _ in repairer.repair(found):
                tick()
            are_equal = not repairer.problems and DifferenceKind.REFUSED not in kinds
        else:
            are_equal = kinds <= {DifferenceKind.UNREAD}
        report = {
            "differences": [{"kind": each.kind, "key": each.key, "detail": each.detail} for each in found],
            "repaired": {str(kind): count for kind, count in (+repairer.done).items()},
            "problems": [{"key": key, "problem": problem} for key, problem in repairer.problems],
        }
        return report, are_equal

    def print_table(self, figures: dict[str, Any]) -> None:
        differences = figures["differences"]
        for kind, count in sorted(Counter(each["kind"] for each in differences).items()):
            self.stdout.write(f"{kind:16} {count:>9,}  repaired {figures['repaired'].get(kind, 0):>9,}")
        listed = [each for each in differences if each["kind"] != DifferenceKind.UNREAD]
        super().print_table({"difference": listed, "cannot be read": figures["problems"]})
        if not differences:
            self.stdout.write("Storage and database agree.")


def _differences(options: dict[str, Any]) -> Iterator[Difference]:
    storage: Any = default_storage
    if not hasattr(storage, "walk"):
        raise CommandError("The picture storage cannot list its files: use PICTURE_STORAGE.")
    if options["headers"] and not hasattr(storage, "set_headers"):
        raise CommandError("--headers needs a bucket; files on a disk have no headers.")
    folders = options["folder"] or FOLDERS
    yield from find_differences(folders)
    if options["headers"]:
        yield from find_headers(storage, options["workers"], folders)
