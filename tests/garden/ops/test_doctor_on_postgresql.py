"""A server database is asked for more: its version, and whether its clock agrees with this machine's."""

import os
import subprocess
import sys
from pathlib import Path

from tests.services.postgresql import postgresql

ASK = """
import json, sys
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
if "ahead" in sys.argv:
    infrastructure.datetime = Ahead
print(json.dumps([finding.as_json() for finding in examine(["database", "clock"])]))
"""


def ask(url: str, folder: Path, *words: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(folder)}
    command = [sys.executable, "-c", ASK, *words]
    environment["DATABASE_URL"] = url
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_it_names_the_server_and_compares_clocks(tmp_path: Path) -> None:
    with postgresql() as url:
        well, ahead = ask(url, tmp_path), ask(url, tmp_path, "ahead")
    assert '"words": "PostgreSQL 1' in well
    assert "agree within" in well
    assert "This clock is 120 s ahead of the database's." in ahead
    assert "chrony" in ahead
