"""Lists from a standby: a real one, that falls behind, catches up and dies."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults.databases import fill_migrated
from tests.services.postgresql import postgresql
from tests.services.standby import standby_of


def test_lists_come_from_a_standby_that_is_close_and_from_the_primary_otherwise(
    tmp_path: Path, shared_folder: Path
) -> None:
    with postgresql() as primary:
        fill_migrated(primary, shared_folder)
        site = {"DATABASE_URL": primary, "DATA_DIR": str(tmp_path), "DATABASE_REPLICA_MAX_LAG_SECONDS": "1"}
        site |= {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATABASE_POOL_SIZE": "4"}
        environment = {**os.environ, **site}
        with standby_of(primary) as standby:
            environment["DATABASE_REPLICA_URL"] = standby.url
            probe = [sys.executable, "-m", "tests.garden.databases.listing", str(standby.pid)]
            told = subprocess.run(probe, env=environment, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-3_000:]
    answers = json.loads(told.stdout)
    assert answers == dict.fromkeys(answers, True)
    assert len(answers) == 6
