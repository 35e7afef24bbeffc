"""One machine, nothing to install: SQLite, local files, a broker without a server, open kiosks."""

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
    """A key of this machine's own, made once and readable by its owner alone."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8")


SECRET_KEY = env.text("SECRET_KEY", "", "Signs sessions.", secret=True) or _own_secret_key()
ALLOWED_HOSTS = env.strings("ALLOWED_HOSTS", "*", "The host names of this site.")

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # Served where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
