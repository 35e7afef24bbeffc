"""Commands start without what they do not need: a backup every hour is no reason to load the whole garden."""

import subprocess
import sys

UNNEEDED = {
    "boto3",
    "celery",
    "cryptography.x509",
    "cv2",
    "drf_spectacular.plumbing",
    "kombu",
    "onnxruntime",
    "openpyxl",
    "rest_framework.fields",
    "scipy",
}
START = """
import sys, django
django.setup()
from django.core.management import load_command_class
for command in ("backup", "restore"):
    load_command_class("garden", command)
print(*sys.modules)
"""


def test_a_backup_starts_without_pages_spreadsheets_and_clouds() -> None:
    reported = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert UNNEEDED.isdisjoint(reported.stdout.split())


def test_a_command_looks_for_garbage_of_its_own_alone() -> None:
    """What starting made is passed over: to look through it takes as long as thousands of pictures."""
    asked = "import gc; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked]
    reported = subprocess.run(command, capture_output=True, text=True, check=True)
    assert reported.stdout.split() == ["True", "True"]
