"""The test suite: like local, with nothing shared between runs."""

import os
import tempfile
from pathlib import Path

from garden.settings.base import *  # noqa: F403
from garden.settings.base import BASE_DIR, REST_FRAMEWORK, STORAGES
from garden.settings.connections import broker_options, database

SECRET_KEY = "test-only"  # noqa: S105  # Guards nothing: tests alone.
KIOSK_ACCESS = "open"
STAFF_SECOND_FACTOR = "optional"
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "local")
}
ALLOWED_HOSTS = ["*"]

_FOLDER = tempfile.TemporaryDirectory(prefix="garden-test-")  # Removed when the process ends.
_SCRATCH = Path(_FOLDER.name)
MEDIA_ROOT = _SCRATCH / "media"
PROVENANCE_KEY = _SCRATCH / "signing" / "site.pem"
DATABASES = {"default": database(os.environ.get("DATABASE_URL", f"sqlite:///{_SCRATCH / 'garden.sqlite3'}"))}
# A file, not memory: the journeys' server and its threads use the same database as the test.
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # Served where they lie; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # Found when they are asked for: each test's client would first list them all.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FACE_ANALYZER = {
    "BACKEND": "garden.faces.local.LocalAnalyzer",
    "OPTIONS": {"models": Path(os.environ.get("FACE_MODELS", BASE_DIR / "var" / "models" / "face"))},
}
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(("emotion", "garden", "like", "grow", "growth", "heartbeat")),
}
FACE_READING_SECONDS = 600  # A busy machine is not a broken analyzer.
PICTURE_ENCODER = {}  # Except in the tests of encoders.
RECOMMENDER_HOLDOUT = 0.0  # Nothing by chance, unless a test asks for it.
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "memory://")  # No worker: tests work the queue themselves.
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, _SCRATCH / "broker")
