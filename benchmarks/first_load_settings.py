"""The local settings with static files as in production: collected, hashed, compressed; prepared scripts first."""

import os
from pathlib import Path

from garden.settings.local import *  # noqa: F403
from garden.settings.local import DATA_DIR, INSTALLED_APPS, STATICFILES_DIRS, STORAGES

_PREPARED = os.environ.get("FIRST_LOAD_SCRIPTS", "")
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "drf_spectacular_sidecar"]  # Large, and not loaded here.
STATICFILES_DIRS = [*([("", Path(_PREPARED))] if _PREPARED else []), *STATICFILES_DIRS]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": os.environ.get("FIRST_LOAD_STORAGE", "")}}
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = False
WHITENOISE_MAX_AGE = 0
"""Of names without a hash: a second load is one of another minute."""
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("json", "bin", "wasm", "map", "woff", "woff2", "png", "webp")
