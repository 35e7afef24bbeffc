"""What a module of this folder tells of processes that it let die, in a site of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def environment(database: str, folder: Path, **settings: str) -> dict[str, str]:
    """Of a process of a site of its own."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
        **settings,
    }


def deaths(module: str, *arguments: str, database: str, folder: Path, **settings: str) -> list[dict[str, Any]]:
    """Each line that `python -m tests.faults.MODULE ARGUMENTS` prints, a JSON object."""
    command = [sys.executable, "-m", f"tests.faults.{module}", *arguments]
    done = subprocess.run(
        command, env=environment(database, folder, **settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
