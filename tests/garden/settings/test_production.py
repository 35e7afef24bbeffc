"""Production refuses to start half-configured: each rule is tried in a process of its own."""

import os
import subprocess
import sys

import pytest

WHOLE = {
    "DJANGO_SETTINGS_MODULE": "garden.settings.production",
    "SECRET_KEY": "a-long-and-random-enough-key-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "garden.example",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**keep, **WHOLE, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_when_everything_is_said() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be random"),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3" * 10}, "SECRET_KEY must be random"),
        ({"DEBUG": "1"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name"),
        ({"KIOSK_ACCESS": "open"}, "ALLOW_OPEN_KIOSKS=1"),
    ],
)
def test_it_refuses_to_start_half_configured(changes: dict[str, str], complaint: str) -> None:
    outcome = start(**changes)
    assert outcome.returncode != 0
    assert complaint in outcome.stderr


def test_it_opens_kiosks_when_told_so() -> None:
    assert start(KIOSK_ACCESS="open", ALLOW_OPEN_KIOSKS="1").returncode == 0
