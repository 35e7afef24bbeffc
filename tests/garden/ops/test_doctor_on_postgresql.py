"""A server database is asked for more: its version, and whether its clock agrees with this machine's."""

import os
import subprocess
import sys
from pathlib import Path

from tools.services.postgresql import postgresql

ASK = """
import json
from dataclasses import asdict
import django
django.setup()
from django.db import connection
from garden.ops import infrastructure
from garden.ops.doctor import examine
import datetime
class Ahead(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(minutes=2)
print(json.dumps([asdict(finding) for finding in examine(["database", "clock"])]))
infrastructure.datetime = Ahead
print(json.dumps([asdict(finding) for finding in examine(["clock"])]))
"""


def test_it_names_the_server_and_compares_clocks(tmp_path: Path) -> None:
    with postgresql() as url:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(tmp_path)}
        environment["DATABASE_URL"] = url
        command = [sys.executable, "-c", ASK]
        outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    well, ahead = outcome.stdout.splitlines()
    assert '"words": "PostgreSQL 1' in well
    assert "agree within" in well
    assert "This clock is 120 s ahead of the database's." in ahead
    assert "chrony" in ahead
