"""Secrets and settings: is what must be secret kept so, and is the site as safe as its settings can make it."""

import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks

from garden.doctor.base import Finding, failed, question, warning, well
from garden.settings.env import SECRETS

MOUNTED = "/run/secrets/"
"""Put there for one container alone."""
_LEVELS = {checks.WARNING: warning, checks.ERROR: failed, checks.CRITICAL: failed}


@question("secrets")
def ask_secrets() -> Iterator[Finding]:
    open_to_all = [path for path in _secret_files() if path.stat().st_mode & stat.S_IROTH]
    for path in open_to_all:
        yield warning("secrets", f"{path} can be read by everybody on this machine.", f"chmod 640 {path}")
    in_environment = sorted(name for name, path in SECRETS.items() if path is None and _is_worth_hiding(name))
    told = in_environment and _is_production()
    if told:
        words = f"In the environment, where every child process and `inspect` sees them: {', '.join(in_environment)}."
        advice = f"Put each into a file and name that, as in {in_environment[0]}_FILE=/run/secrets/…"
        yield warning("secrets", words, advice)
    if not open_to_all and not told:
        yield well("secrets", "Secrets are files that only their readers can read, or not needed.")


@question("settings")
def ask_settings() -> Iterator[Finding]:
    """What `manage.py check` says; of production `check --deploy`."""
    messages = checks.run_checks(include_deployment_checks=_is_production(), databases=["default"])
    told = [message for message in messages if message.level >= checks.WARNING and not message.is_silenced()]
    for message in told:
        level = max(known for known in _LEVELS if known <= message.level)
        yield _LEVELS[level]("settings", message.msg.replace("\n", " "), message.hint or "")
    if not told:
        yield well("settings", "manage.py check has nothing to say.")


def _secret_files() -> list[Path]:
    named = [Path(path) for path in SECRETS.values() if path and not path.startswith(MOUNTED)]
    return [path for path in (*named, settings.DATA_DIR / "secret_key") if path.is_file()]


def _is_worth_hiding(name: str) -> bool:
    """An address without a password is no secret."""
    value = {"DATABASE_URL": settings.DATABASES["default"].get("PASSWORD"), "CELERY_BROKER_URL": _broker_password()}
    return bool(value.get(name, True))


def _broker_password() -> bool:
    return "@" in settings.CELERY_BROKER_URL


def _is_production() -> bool:
    return bool(settings.SESSION_COOKIE_SECURE)
