"""Commands start without what they do not need: a backup every hour is no reason to load the whole garden."""

import subprocess
import sys

UNNEEDED = {"boto3", "cryptography.x509", "drf_spectacular.plumbing", "openpyxl", "rest_framework.fields", "scipy"}
START = """
import sys, django
django.setup()
from django.core.management import load_command_class
for command in ("backup", "restore"):
    load_command_class("garden", command)
print(*sys.modules)
"""


def test_a_backup_starts_without_pages_spreadsheets_and_clouds() -> None:
    told = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert UNNEEDED.isdisjoint(told.stdout.split())
