"""Many change a wall at once, or die while they do: it is always the wall of one change, and no version is of two."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def ran(scenario: str, database: str, folder: Path) -> Any:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tests.faults.walls", scenario]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_changes_never_mix_and_no_version_comes_twice(shared_database: str, tmp_path: Path) -> None:
    reported = ran("together", shared_database, tmp_path)
    assert reported["errors"] == []
    assert reported["mixed"] == []
    assert reported["noted"] == list(range(1, reported["version"] + 1))
    assert len(reported["returned"]) == len(set(reported["returned"])) > 40
    assert set(reported["returned"]) <= set(reported["noted"])
    assert reported["read"] == reported["read_versions"] > 2


def test_what_the_clock_rings_for_several_times_happens_once(shared_database: str, tmp_path: Path) -> None:
    reported = ran("twice", shared_database, tmp_path)
    assert reported == [{"tasks": 4, "changed": 1, "version": 1}, {"tasks": 4, "changed": 1, "version": 2}]


def test_a_process_killed_inside_a_change_leaves_the_old_wall_whole(database: str, tmp_path: Path) -> None:
    deaths = ran("killed", database, tmp_path)
    old = {"version": 1, "walls": ["old"], "noted": 1, "slots": 16}
    assert deaths[-1] == {"version": 2, "walls": ["new"], "noted": 2, "slots": 16}
    assert len(deaths) > 5
    assert all(death == old for death in deaths[:-1])
