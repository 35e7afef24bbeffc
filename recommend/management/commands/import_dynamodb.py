"""Import of the seeds' tables."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from recommend.management.commands import import_dataset

ENDINGS = (".json", ".json.gz")


class Command(import_dataset.Command):
    help = (
        "Import a seed's DynamoDB tables: images, visitors and interactions from a table export (JSON lines) or from "
        "`aws dynamodb scan`, with unchanged keys. Pictures must be in the storage already (sync_storage imports "
        "them). Everything is checked before anything is written; a stopped run continues when it is repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        foreign = [path for path in files if not path.is_dir() and not path.name.endswith(ENDINGS)]
        if foreign:
            raise CommandError(
                f"{foreign[0]} is not an export of a table (.json or .json.gz); import_dataset reads CSV."
            )
        super().handle(*args, **options)
