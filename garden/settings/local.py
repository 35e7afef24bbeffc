"""One machine, nothing to install: SQLite, local files, a broker without a server, open kiosks."""

import fcntl
import os
import secrets

os.environ.setdefault("KIOSK_ACCESS", "open")
os.environ.setdefault("STAFF_SECOND_FACTOR", "optional")
os.environ.setdefault("STAFF_IDLE_MINUTES", "0")
os.environ.setdefault("LOG_FORMAT", "pretty")

from garden.settings import env
from garden.settings.base import *  # noqa: F403
from garden.settings.base import DATA_DIR, STORAGES


def _own_secret_key() -> str:
    """A key of this machine's own, made once and readable by its owner alone.

    Processes that start together wait for the one that makes it; a file that a killed one left empty is filled.
    """
    path = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        key = file.read()
        if not key:
            key = secrets.token_urlsafe(50)
            file.write(key)
        return key


SECRET_KEY = env.text("SECRET_KEY", "", "Signs sessions.", secret=True) or _own_secret_key()
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", "*", "The host names of this site.")

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # Served where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
