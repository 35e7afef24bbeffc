"""Commands of operators: recorded in the audit log, and outages reported in one sentence."""

import gc
import logging
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management import ManagementUtility
from django.db import DatabaseError

from garden.storage.outages import describe_failure

logger = logging.getLogger(__name__)
READ_ONLY = {
    "check",
    "collectstatic",
    "compilemessages",
    "dataset_info",
    "diffsettings",
    "doctor",
    "evaluate_recommender",
    "findstatic",
    "help",
    "inspectdb",
    "makemessages",
    "makemigrations",
    "read_face",
    "runserver",
    "showmigrations",
    "sqlmigrate",
    "test",
    "testserver",
    "verify_image",
    "version",
}
"""Commands that change nothing of the garden."""
_READ_ONLY_OPTIONS = {"--dry-run", "--help", "-h", "--version", "--check"}
_SECRETS = {"--key", "--password", "--secret", "--token"}


class RecordingUtility(ManagementUtility):
    """A command that may change data is in the audit log before it runs, also one that is killed then.

    An outage, or a request that a service refuses, ends a command with one sentence and exit code 1; `--traceback`
    keeps the traceback.
    """

    def execute(self) -> None:
        try:
            super().execute()
        except Exception as error:
            sentence = describe_failure(error)
            if not sentence or "--traceback" in self.argv:
                raise
            sys.stderr.write(f"{self.argv[1]}: {sentence}\n")
            sys.exit(1)

    def fetch_command(self, subcommand: str) -> Any:
        command = super().fetch_command(subcommand)
        gc.freeze()  # What was loaded until now stays.
        arguments = self.argv[2:]
        read_only = subcommand in READ_ONLY or bool(_READ_ONLY_OPTIONS & {*arguments})
        if self.argv[1:2] == [subcommand] and not read_only:
            record_command(subcommand, arguments)
        return command


def record_command(name: str, arguments: Sequence[str]) -> None:
    """A database that is not there yet, or is down, stops no command."""
    from garden.access.audit_log import record
    from garden.models.audit import AuditKind

    try:
        record(AuditKind.COMMAND, name, arguments=without_secrets(arguments))
    except DatabaseError as error:
        logger.debug("%s is not in the audit log: %s", name, error)


def without_secrets(arguments: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for argument in arguments:
        name, has_value, _ = argument.partition("=")
        if kept and kept[-1] in _SECRETS:
            argument = "…"
        elif name in _SECRETS and has_value:
            argument = f"{name}=…"
        kept.append(argument[:200])
    return kept
