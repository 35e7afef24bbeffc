"""Commands of operators: recorded in the trail, and outages told in one sentence."""

import gc
import logging
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management import ManagementUtility
from django.db import DatabaseError

from garden.storage.outages import describe_failure

logger = logging.getLogger(__name__)
LOOKING = {
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
_ONLY_LOOKS = {"--dry-run", "--help", "-h", "--version", "--check"}
_SECRETS = {"--key", "--password", "--secret", "--token"}


class RecordingUtility(ManagementUtility):
    """Whatever may change something is told before it runs: a killed command is known too.

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
        keep_what_is_loaded()
        if len(self.argv) > 1 and self.argv[1] == subcommand and not _only_looks(subcommand, self.argv[2:]):
            tell_of_command(subcommand, self.argv[2:])
        return command


def keep_what_is_loaded() -> None:
    """`manage.py` starts without looking for garbage; later looks pass over what starting made, for it stays."""
    gc.freeze()
    gc.enable()


def tell_of_command(name: str, arguments: Sequence[str]) -> None:
    """A database that is not there yet, or is down, stops no command."""
    from garden.access.trail import record
    from garden.models.audit import AuditKind

    try:
        record(AuditKind.COMMAND, name, arguments=without_secrets(arguments))
    except DatabaseError as error:
        logger.debug("%s is not in the trail: %s", name, error)


def without_secrets(arguments: Sequence[str]) -> list[str]:
    told: list[str] = []
    for argument in arguments:
        name, has_value, _ = argument.partition("=")
        if told and told[-1] in _SECRETS:
            argument = "…"
        elif name in _SECRETS and has_value:
            argument = f"{name}=…"
        told.append(argument[:200])
    return told


def _only_looks(name: str, arguments: Sequence[str]) -> bool:
    return name in LOOKING or bool(_ONLY_LOOKS & {*arguments})
