"""Whoever asks for a garden while it changes gets one release or the other, never a part of each."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_a_reader_never_sees_half_a_release(shared_database: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": shared_database,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tests.faults.reading"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    reported = json.loads(done.stdout)
    for route, answers in reported.items():
        assert answers["different"] == 2, route
        assert answers["torn"] == 0, route
