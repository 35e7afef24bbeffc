"""What every deployment shares. Read from the environment where a site may differ."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from garden.settings.broker import broker_options
from garden.settings.clock import *  # noqa: F403
from garden.settings.curation import *  # noqa: F403
from garden.settings.env import env_bool, env_choice, env_int, env_list, env_path, env_str
from garden.settings.files import *  # noqa: F403
from garden.settings.files import picture_origins, picture_storage
from garden.settings.fleet import *  # noqa: F403
from garden.settings.pictures import *  # noqa: F403
from garden.settings.recommending import *  # noqa: F403
from garden.settings.souvenirs import *  # noqa: F403

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env_path("DATA_DIR", BASE_DIR / "var")

DEBUG = env_bool("DEBUG", False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "garden",
    "recommend",
    "generation",
    "curation",
    "garden.admin_app.AdminOnDemand",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "rest_framework.authtoken",
    "rest_framework_api_key",
    "import_export",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "garden.urls"
WSGI_APPLICATION = "garden.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database -------------------------------------------------------------------------------------
_SQLITE_OPTIONS = {
    # Writers queue at BEGIN instead of failing half-way; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;",
}


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a URL, with what SQLite needs to serve several processes."""
    entry: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = {**entry.get("OPTIONS", {}), **_SQLITE_OPTIONS}
    return entry


DATABASES = {"default": database(env_str("DATABASE_URL", f"sqlite:///{DATA_DIR / 'garden.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "garden" / "locale"]
TIME_ZONE = env_str("TIME_ZONE", "UTC")
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT: Path | None = DATA_DIR / "static"
_PACKAGES = BASE_DIR / "node_modules"
_FONTS = ("noto-sans-kr", "noto-sans-jp")
STATICFILES_DIRS: list[tuple[str, Path]] = [
    (f"vendor/{font}", _PACKAGES / "@fontsource-variable" / font) for font in _FONTS
]
STATICFILES_PACKAGES: dict[str, tuple[Path, tuple[str, ...]]] = {
    "vendor/human": (_PACKAGES / "@vladmandic/human/dist", ("human.esm.js", "human.esm.js.map")),
    "vendor/human/models": (_PACKAGES / "@vladmandic/human/models", ("blazeface.json", "blazeface.bin")),
    "vendor/tfjs-wasm": (
        _PACKAGES / "@tensorflow/tfjs-backend-wasm/dist",
        ("tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"),
    ),
    "vendor/chart": (_PACKAGES / "chart.js/dist", ("chart.umd.min.js", "chart.umd.min.js.map")),
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "garden.pages.finders.PackageFilesFinder",
]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": picture_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o644

# --- Backends of the garden's roles ---------------------------------------------------------------
PHOTO_MAX_BYTES = env_int("PHOTO_MAX_BYTES", 5_000_000, minimum=1)
PHOTO_MAX_PIXELS = env_int("PHOTO_MAX_PIXELS", 25_000_000, minimum=1)
FACE_ANALYZER: dict[str, Any] = {
    "BACKEND": env_str("FACE_ANALYZER", "garden.emotion.local.LocalAnalyzer"),
    "OPTIONS": {"models": DATA_DIR / "models" / "face"},
}
RECOMMENDER: dict[str, Any] = {
    "BACKEND": env_str("RECOMMENDER", "recommend.backends.embedded.EmbeddedRecommender"),
    "OPTIONS": {},
}

# --- Who may ask ----------------------------------------------------------------------------------
KIOSK_ACCESS = env_choice("KIOSK_ACCESS", ("keys", "open"), "keys")
KIOSK_IDLE_SECONDS = env_int("KIOSK_IDLE_SECONDS", 30, minimum=1)
KIOSK_FAREWELL_SECONDS = env_int("KIOSK_FAREWELL_SECONDS", 10, minimum=1)
KIOSK_GOODBYE_SECONDS = env_int("KIOSK_GOODBYE_SECONDS", 8, minimum=1)
PUBLIC_URL = env_str("PUBLIC_URL", "").rstrip("/")
BUCKET_NAME = env_str("BUCKET_NAME", "emotion-garden")
VISITOR_RETENTION_DAYS = env_int("VISITOR_RETENTION_DAYS", 365, minimum=1)
LIKE_RETRY_WINDOW_SECONDS = env_int("LIKE_RETRY_WINDOW_SECONDS", 10)
GARDEN_MAX_IMAGES = env_int("GARDEN_MAX_IMAGES", 5_000, minimum=1)

CORS_ALLOWED_ORIGINS = env_list("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "x-api-key", "x-user-id"]
CORS_URLS_REGEX = r"^/(emotion|gardenfromDB|garden|like|image|updateDisplay|sendToWall)$"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "garden.api.authentication.KioskKeyAuthentication",
        "garden.api.authentication.PairedKioskAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": ["garden.api.parsers.AnyTypeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["garden.api.renderers.FastJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {
        "emotion": env_str("THROTTLE_EMOTION", "120/min"),
        "garden": env_str("THROTTLE_GARDEN", "600/min"),
        "like": env_str("THROTTLE_LIKE", "600/min"),
        "heartbeat": env_str("THROTTLE_HEARTBEAT", "1200/min"),
    },
    "EXCEPTION_HANDLER": "garden.api.errors.answer_error",
    "NUM_PROXIES": env_int("NUM_PROXIES", 0),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Emotion Garden",
    "DESCRIPTION": "A visitor's mood in, a garden of pictures out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Security -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = PHOTO_MAX_BYTES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The kiosk frames the face in the page: its detector is WebAssembly.
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "img-src": [SELF, "data:", "blob:", *picture_origins(), *env_list("IMAGE_ORIGINS")],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = env_str("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, DATA_DIR / "broker")

# --- Logging: never a body, never a photo ---------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    # A photo without a face is an answer, not a warning.
    "loggers": {"django.request": {"level": "ERROR"}},
}
