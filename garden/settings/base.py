"""What every deployment shares. Read from the environment where a site may differ."""

import json
import logging
import os
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from garden.ops.logging import configure_structlog, logging_settings
from garden.settings import env
from garden.settings.access import *  # noqa: F403
from garden.settings.access import NUM_PROXIES, THROTTLE_RATES
from garden.settings.connections import caches, database, listening_address, picture_origins, picture_storage
from garden.settings.site import *  # noqa: F403
from garden.settings.site import BASE_DIR, DATA_DIR, PHOTO_MAX_BYTES
from garden.settings.tasks import *  # noqa: F403
from garden.settings.tasks import CELERY_BROKER_URL
from garden.vocabulary import Emotion

django_stubs_ext.monkeypatch()

env.section("Site")
DEBUG = env.boolean("DEBUG", False, "Django's debug mode, for development only: production refuses to start with it.")
ALLOWED_HOSTS = env.strings(
    "ALLOWED_HOSTS",
    "localhost,127.0.0.1,[::1]",
    "The host names of this site.",
)

INSTALLED_APPS = [
    "garden",
    "recommend",
    "generation",
    "curation",
    "curation.apps.CuratorsAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_structlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "rest_framework",
    "rest_framework.authtoken",
    "rest_framework_api_key",
    "import_export",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "garden.access.headers.SecurityHeaders",
    "garden.ops.middleware.OperatorPages",
    "garden.ops.middleware.RequestLog",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "garden.access.access_control.StaffAccess",
    "garden.access.audit_log.AuditLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
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

# --- Services -------------------------------------------------------------------------------------
env.section("Services")
DATABASES = {
    "default": database(
        env.text(
            "DATABASE_URL",
            f"sqlite:///{DATA_DIR / 'garden.sqlite3'}",
            "The database: `sqlite:///path` or `postgres://user:password@host/name`. PostgreSQL takes `?pool_size=8` "
            "(connections that one process keeps for its threads), `?behind_pooler=1` (PgBouncer in transaction mode: "
            "set `statement_timeout` on the role) and libpq's options. See [scaling](../explanation/scaling.md).",
            "URL",
            secret=True,
        )
    )
}
DATABASE_STATEMENT_SECONDS = 0 if DATABASES["default"].get("DISABLE_SERVER_SIDE_CURSORS") else 20
"""Seconds that a statement of a web process may take; behind a pooler it would hold for other clients, too."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = caches(
    env.text(
        "CACHE_URL",
        "",
        "The Redis server that all processes use as a cache, for counters of requests and sign-ins among others. "
        "Empty: `CELERY_BROKER_URL` where it is Redis, otherwise files in `DATA_DIR/cache`, for one machine. While "
        "Redis is unavailable each process uses its own memory.",
        "URL (`redis://…` or `rediss://…`)",
        secret=True,
    ),
    CELERY_BROKER_URL,
    DATA_DIR / "cache",
)

# --- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "garden" / "locale"]

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT: Path | None = env.path(
    "STATIC_ROOT",
    DATA_DIR / "static",
    "The folder that `collectstatic` fills and static files are served from; `garden.settings.local` needs none.",
)
DOCS_ROOT = env.path(
    "DOCS_ROOT",
    DATA_DIR / "docs",
    "The folder of the documentation that staff reads at `/docs/`, which `manage.py build_docs` fills.",
)
_PACKAGES = BASE_DIR / "node_modules"
_FONTS = ("noto-sans-kr", "noto-sans-jp")
STATICFILES_DIRS: list[tuple[str, Path]] = [
    (f"vendor/{font}", _PACKAGES / "@fontsource-variable" / font)
    for font in _FONTS
    if _PACKAGES.exists()  # An image holds what was collected, not where it came from.
]
# Of npm packages, the files that pages need, each under its package's version, so that browsers may keep it for good.
_VERSIONS: dict[str, str] = json.loads((BASE_DIR / "package.json").read_text(encoding="utf-8"))["dependencies"]

HUMAN = f"vendor/human/{_VERSIONS['@vladmandic/human']}"
TFJS_WASM = f"vendor/tfjs-wasm/{_VERSIONS['@tensorflow/tfjs-backend-wasm']}"
_FRAMING, _READING = ("blazeface",), ("facemesh", "faceres", "emotion")
_MODELS = tuple(f"{name}.{part}" for name in (*_FRAMING, *_READING) for part in ("json", "bin"))

STATICFILES_PACKAGES: dict[str, tuple[Path, tuple[str, ...]]] = {
    HUMAN: (_PACKAGES / "@vladmandic/human/dist", ("human.esm.js", "human.esm.js.map")),
    f"{HUMAN}/models": (_PACKAGES / "@vladmandic/human/models", _MODELS),
    TFJS_WASM: (
        _PACKAGES / "@tensorflow/tfjs-backend-wasm/dist",
        ("tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"),
    ),
    "vendor/htmx": (_PACKAGES / "htmx.org/dist", ("htmx.min.js", "htmx.min.js.map")),
}
# Beside those that are compressed already: compressing source maps and network weights at each release takes a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "avif", "bin", "map", "scss")
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.[^/]+$|/vendor/(human|tfjs-wasm)/\d[^/]*/"
"""Names with a hash of what is in them, and files of one version of a package."""
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "garden.pages.static_files.PackageFilesFinder",
]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
PICTURE_CACHE_SECONDS = 86_400
STORAGE_PATIENCE_SECONDS = 60
PICTURE_STORAGE = env.text(
    "PICTURE_STORAGE",
    "",
    "The location of pictures: empty is `DATA_DIR/media`, `s3://bucket[/folder]` a bucket. `?signed_seconds=3600` "
    "signs the URLs of a private bucket (at most six days), `?cdn_url=https://…` names a CDN in front. Region, "
    "endpoint and credentials are boto3's own (`AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3`, …). See [pictures in "
    "S3](../how-to/use-s3.md).",
    "URL",
)
STORAGES: dict[str, dict[str, Any]] = {
    "default": picture_storage(PICTURE_STORAGE, PICTURE_CACHE_SECONDS),
    "staticfiles": {"BACKEND": "garden.pages.static_files.HashedModulesStorage"},
}

# --- Requests -------------------------------------------------------------------------------------
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "x-api-key", "x-consent", "x-look-again", "x-user-id"]
_RETOUCHING_CLIENT = r"user/username|render/(edge|generate)|sd-service/(infra|app-server)/[a-z-]+"
CORS_URLS_REGEX = (
    rf"^/(emotion|consent|forget|gardenfromDB|garden|like|image|updateDisplay|sendToWall|{_RETOUCHING_CLIENT})$"
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "garden.api.authentication.KioskKeyAuthentication",
        "garden.api.authentication.PairedKioskAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": ["garden.api.formats.AnyTypeJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "garden.api.formats.LenientNegotiation",
    "DEFAULT_RENDERER_CLASSES": ["garden.api.formats.FastJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "garden.api.schema.AudienceSchema",
    "DEFAULT_THROTTLE_RATES": THROTTLE_RATES,
    "EXCEPTION_HANDLER": "garden.api.errors.answer_error",
    "NUM_PROXIES": NUM_PROXIES,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Emotion Garden",
    "DESCRIPTION": (
        "A visitor's mood in, a garden of pictures out. First calls and a Python client: `docs/how-to/integrate.md`, "
        "for staff at [/docs/](/docs/how-to/integrate.html).\n\n"
        "**Authorize**: screens and programs of visitors use `kioskKey`, programs of staff `tokenAuth` (`Token …`). "
        "Who is signed in at `/admin/` needs neither. With `make run` the routes of kiosks need no key."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "garden.api.schema.name_refusals",
        "garden.api.schema.add_audiences_and_examples",
    ],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},  # Links inside of buttons cannot be reached by keyboard.
    # Several fields take the same words: one name for them.
    "ENUM_NAME_OVERRIDES": {
        "EmotionEnum": [emotion.value for emotion in Emotion],
        "JobStateEnum": "generation.models.job.JobState",
    },
}

# --- Security -------------------------------------------------------------------------------------
CSRF_COOKIE_HTTPONLY = True  # Pages are handed the token; no script reads the cookie.
DATA_UPLOAD_MAX_MEMORY_SIZE = PHOTO_MAX_BYTES
_ENDPOINT = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")  # boto3 reads them, too.
_PICTURE_ORIGINS = picture_origins(PICTURE_STORAGE, _ENDPOINT, os.environ.get("AWS_DEFAULT_REGION", ""))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_PICTURE_ORIGINS],
        "media-src": [SELF, "blob:"],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [NONE],
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

# --- Logs: no bodies, no photos, no names ---------------------------------------------
env.section("Operations")
LOG_LEVEL = env.choice(
    "LOG_LEVEL",
    ("DEBUG", "INFO", "WARNING", "ERROR"),
    "INFO",
    "How much is logged. No level logs a body or a photo; clients that log what they send (boto3) stay at INFO.",
)
LOG_FORMAT = env.choice(
    "LOG_FORMAT",
    ("json", "pretty"),
    "json",
    "`json`: one object per line, and a line for each request. `pretty`: for terminals, the default of "
    "`garden.settings.local`. See [monitor a site](../how-to/monitor-a-site.md).",
)
LOGGING: dict[str, Any] = logging_settings(level=LOG_LEVEL, form=LOG_FORMAT, routine=LOG_FORMAT == "json")
configure_structlog()
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # Forty a minute; those that fail are always reported.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""

# --- Metrics, health and traces -------------------------------------------------------------------
METRICS_TOKEN = env.text(
    "METRICS_TOKEN",
    "",
    "Gives access to `/metrics`, as `Authorization: Bearer …`; all other requests get a 404.",
    "text of at least 16 characters",
    secret=True,
)
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 16 characters: clients can guess shorter ones.")
WORKER_METRICS_ADDRESS = listening_address(
    "WORKER_METRICS_ADDRESS",
    env.text(
        "WORKER_METRICS_ADDRESS",
        "",
        "Where a worker serves its metrics, without a token: restrict it to the collector's network.",
        "`address:port`",
    ),
)
DRAIN_FILE = env.path(
    "DRAIN_FILE",
    DATA_DIR / "draining",
    "While this file exists `/healthz/ready` responds with 503, so that load balancers take the machine out of "
    "rotation.",
)
ALIVE_FILE = env.text(
    "ALIVE_FILE",
    "",
    "A file that a worker or beat touches every few seconds while it works, for health checks of containers; one for "
    "each process.",
    "path",
)
OTEL_EXPORTER_OTLP_ENDPOINT = env.text(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    "Where traces are sent (OTLP over HTTP), with `requirements/telemetry.txt`; OpenTelemetry's other variables work "
    "as it documents them.",
    "URL",
)
