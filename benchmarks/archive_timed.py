"""`manage.py` with a watch: `python -m benchmarks.archive_timed FILE COMMAND …` writes [wall, cpu] of the command.

What Python and Django take to start is not in it: [0, 0] where no command came to run.
"""

import gc
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.management.base import BaseCommand

from garden.access.commands import RecordingUtility


def main(reported: Path, *arguments: str) -> None:
    gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
    reported.write_text("[0, 0]")
    execute = BaseCommand.execute

    def timed(command: BaseCommand, *args: Any, **options: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return execute(command, *args, **options)
        finally:
            reported.write_text(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))

    with mock.patch.object(BaseCommand, "execute", timed):
        RecordingUtility(["manage.py", *arguments]).execute()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
