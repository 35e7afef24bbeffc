"""The record of processing under fire: several processes write at once, one of them is killed; the chain is whole."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

PHOTOS = 40


def test_processes_that_write_at_once_and_die_leave_one_whole_chain(database: str, tmp_path: Path) -> None:
    site = {"DATABASE_URL": database, "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    environment = {**os.environ, **site}

    def start(count: int) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.faults.recorder", str(count)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    doomed, others = start(0), [start(PHOTOS) for _ in range(2)]
    assert doomed.stdout is not None
    assert doomed.stdout.readline() == "ready\n"
    time.sleep(random.uniform(0.2, 1.0))
    doomed.kill()
    doomed.communicate()
    for other in others:
        other.communicate()
        assert other.returncode == 0
    verify = [sys.executable, "manage.py", "verify_processing_record", "--json"]
    told = subprocess.run(verify, env=environment, check=True, capture_output=True, text=True)
    verdict = json.loads(told.stdout)
    assert verdict["problems"] == []
    assert verdict["dropped"] >= 2 * PHOTOS
    assert verdict["photos"] - verdict["dropped"] in (0, 1)
