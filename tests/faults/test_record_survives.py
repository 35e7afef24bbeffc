"""The record of processing under fire: several processes write at once, one of them is killed; the chain is whole."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tools.services.ports import PATIENCE

PHOTOS = 40


def test_processes_that_write_at_once_and_die_leave_one_whole_chain(shared_database: str, tmp_path: Path) -> None:
    site = {
        "DATABASE_URL": shared_database,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    }
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
    chain = "import django; django.setup(); from garden.privacy.processing_log import chain_entries as c; print(c())"
    done = subprocess.run([sys.executable, "-c", chain], env=environment, check=True, capture_output=True, text=True)
    assert int(done.stdout) >= 6 * PHOTOS
    verify = [sys.executable, "manage.py", "verify_processing_record", "--json"]
    reported = subprocess.run(verify, env=environment, check=True, capture_output=True, text=True)
    verdict = json.loads(reported.stdout)
    assert verdict["problems"] == []
    assert verdict["dropped"] >= 2 * PHOTOS
    assert verdict["photos"] - verdict["dropped"] in (0, 1)


def test_no_photo_waits_for_the_end_of_the_chain(postgresql_database: str, tmp_path: Path) -> None:
    """Somebody holds its row, as the clock does while it chains."""
    site = {"DATABASE_URL": postgresql_database, "DATA_DIR": str(tmp_path)}
    environment = {**os.environ, **site, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    with psycopg.connect(postgresql_database) as clock:
        clock.execute("INSERT INTO garden_processinghead VALUES (2, 0, repeat('0', 64), 0, repeat('0', 64))")
        clock.commit()
        clock.execute("SELECT * FROM garden_processinghead FOR UPDATE")
        command = [sys.executable, "-m", "tests.faults.recorder", "2"]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=PATIENCE)
        (written,) = clock.execute("SELECT count(*) FROM garden_processingentry").fetchone() or (0,)
    assert written == 6
