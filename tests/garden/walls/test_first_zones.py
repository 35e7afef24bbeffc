"""A new site has the zones that the seeds' pages know."""

import os
import subprocess
import sys
from pathlib import Path

COUNT = "from garden.models import Zone; print(*Zone.objects.values_list('name', flat=True))"


def test_a_fresh_site_has_zones_1_to_3_and_what_an_operator_deletes_stays_deleted(tmp_path: Path) -> None:
    def manage(*command: str) -> str:
        told = subprocess.run(
            [sys.executable, "manage.py", *command],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout.splitlines()[-1] if told.stdout else ""

    manage("migrate", "-v0", "--skip-checks")
    assert manage("shell", "-v0", "-c", COUNT) == "zone1 zone2 zone3"
    manage("shell", "-v0", "-c", "from garden.models import Zone; Zone.objects.get(name='zone2').delete()")
    manage("migrate", "-v0", "--skip-checks")
    assert manage("shell", "-v0", "-c", COUNT) == "zone1 zone3"
