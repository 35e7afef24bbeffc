"""What every deployment shares. Read from the environment where a site may differ."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from garden.settings.access import *  # noqa: F403
from garden.settings.access import rate_counter
from garden.settings.bounds import *  # noqa: F403
from garden.settings.broker import broker_options
from garden.settings.clock import *  # noqa: F403
from garden.settings.curation import *  # noqa: F403
from garden.settings.databases import *  # noqa: F403
from garden.settings.databases import databases
from garden.settings.env import env_bool, env_choice, env_int, env_list, env_path, env_secret, env_str
from garden.settings.faces import *  # noqa: F403
from garden.settings.faces import PHOTO_MAX_BYTES
from garden.settings.files import *  # noqa: F403
from garden.settings.files import picture_origins, picture_storage
from garden.settings.fleet import *  # noqa: F403
from garden.settings.gate import *  # noqa: F403
from garden.settings.identity import *  # noqa: F403
from garden.settings.packages import *  # noqa: F403
from garden.settings.pictures import *  # noqa: F403
from garden.settings.privacy import *  # noqa: F403
from garden.settings.recommending import *  # noqa: F403
from garden.settings.seeing import *  # noqa: F403
from garden.settings.souvenirs import *  # noqa: F403
from garden.vocabulary import Emotion

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
    "curation.admin_app.CuratorsAdmin",
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
    "garden.seeing.operators.OperatorPages",
    "garden.seeing.requests.RequestLog",
    "garden.databases.replica.ReadYourWrites",
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
    "garden.access.gate.StaffGate",
    "garden.access.trail.AuditTrail",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

# --- Database -------------------------------------------------------------------------------------
DATABASES = databases(env_secret("DATABASE_URL", f"sqlite:///{DATA_DIR / 'garden.sqlite3'}"))
RATE_COUNTER = rate_counter(DATA_DIR, DATABASES["default"]["ENGINE"], env_str("CELERY_BROKER_URL", ""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "garden" / "locale"]
TIME_ZONE = env_str("TIME_ZONE", "UTC")
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT: Path | None = env_path("STATIC_ROOT", DATA_DIR / "static")
_PACKAGES = BASE_DIR / "node_modules"
_FONTS = ("noto-sans-kr", "noto-sans-jp")
STATICFILES_DIRS: list[tuple[str, Path]] = [
    (f"vendor/{font}", _PACKAGES / "@fontsource-variable" / font)
    for font in _FONTS
    if _PACKAGES.exists()  # An image holds what was collected, not where it came from.
]
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
RECOMMENDER: dict[str, Any] = {
    "BACKEND": env_str("RECOMMENDER", "recommend.backends.embedded.EmbeddedRecommender"),
    "OPTIONS": {},
}

# --- Who may ask ----------------------------------------------------------------------------------
KIOSK_ACCESS = env_choice("KIOSK_ACCESS", ("keys", "open"), "keys")
KIOSK_IDLE_SECONDS = env_int("KIOSK_IDLE_SECONDS", 30, minimum=1)
KIOSK_FAREWELL_SECONDS = env_int("KIOSK_FAREWELL_SECONDS", 10, minimum=1)
KIOSK_GOODBYE_SECONDS = env_int("KIOSK_GOODBYE_SECONDS", 20, minimum=1)
PUBLIC_URL = env_str("PUBLIC_URL", "").rstrip("/")
BUCKET_NAME = env_str("BUCKET_NAME", "emotion-garden")
VISITOR_RETENTION_DAYS = env_int("VISITOR_RETENTION_DAYS", 365, minimum=1)
LIKE_RETRY_WINDOW_SECONDS = env_int("LIKE_RETRY_WINDOW_SECONDS", 10)
GARDEN_MAX_IMAGES = env_int("GARDEN_MAX_IMAGES", 5_000, minimum=1)

CORS_ALLOWED_ORIGINS = env_list("CORS_ALLOWED_ORIGINS")
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
    "DEFAULT_PARSER_CLASSES": ["garden.api.parsers.AnyTypeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["garden.api.renderers.FastJSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "garden.api.schema.AudienceSchema",
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
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # Pages are handed the token; no script reads the cookie.
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = PHOTO_MAX_BYTES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *picture_origins(), *env_list("IMAGE_ORIGINS")],
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

# --- Background work ------------------------------------------------------------------------------
CELERY_BROKER_URL = env_secret("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # A worker waits for its broker as long as it takes.
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "garden.beat.SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, DATA_DIR / "broker")
