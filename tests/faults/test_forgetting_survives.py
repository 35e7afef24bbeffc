"""The sweeper of retention, killed before each of its writes: nothing is half forgotten, and the next sweep ends it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.sweeping import OLD, YOUNG

KINDS = ("visitors", "moods", "slates", "consents", "alarms", "photos")


def deaths(database: str, folder: Path) -> list[dict[str, Any]]:
    site = {"DATABASE_URL": database, "DATA_DIR": str(folder), "PRIVACY_PACK": "eu", "LOG_LEVEL": "ERROR"}
    environment = {**os.environ, **site, "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    command = [sys.executable, "-m", "tests.faults.sweeping"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_is_old_goes_whole_and_what_is_young_stays(database: str, tmp_path: Path) -> None:
    *died, last = deaths(database, tmp_path)
    assert last["survived"]
    assert not any(death["survived"] for death in died)
    assert len(died) > 5
    for death in [*died, last]:
        between, after = death["between"], death["after"]
        assert between["problems"] == after["problems"] == []
        assert between["moods"] == between["visitors"], "nobody's mood outlives its visitor"
        assert all(YOUNG <= between[kind] <= OLD + YOUNG for kind in KINDS)
        assert {kind: after[kind] for kind in KINDS} == dict.fromkeys(KINDS, YOUNG)
    assert len({death["between"]["visitors"] for death in died}) > 1, "it dies between one little and the next"
