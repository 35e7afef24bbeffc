"""The seeds' tables, moved here."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from recommend.management.commands import import_dataset

ENDINGS = (".json", ".json.gz")


class Command(import_dataset.Command):
    help = (
        "Move a seed's DynamoDB tables here: images, visitors and interactions from a table export (JSON lines) or "
        "from `aws dynamodb scan`, keys verbatim. Pictures must lie in the storage already (sync_storage brings them). "
        "Everything is checked before anything is written; a run that was stopped goes on when it is repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        foreign = [path for path in options["files"] if _is_foreign(path)]
        if foreign:
            raise CommandError(f"{foreign[0]} is no export of a table (.json or .json.gz); import_dataset reads CSV.")
        super().handle(*args, **options)


def _is_foreign(path: Path) -> bool:
    return not path.is_dir() and not path.name.endswith(ENDINGS)
