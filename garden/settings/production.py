"""A site that is open to visitors: refuses to start half-configured."""

from django.core.exceptions import ImproperlyConfigured

from garden.settings import env
from garden.settings.base import *  # noqa: F403
from garden.settings.base import DEBUG, KIOSK_ACCESS, MIDDLEWARE, NUM_PROXIES, PUBLIC_URL

env.section("Production")
SECRET_KEY = env.text(
    "SECRET_KEY",
    None,
    "Signs sessions, CSRF tokens and messages. Short and repetitive keys are refused; changing it signs out all users. "
    "`garden.settings.local` makes one in `DATA_DIR/secret_key`.",
    "random text of at least 50 characters",
    secret=True,
)
ALLOWED_HOSTS = env.strings(
    "ALLOWED_HOSTS",
    None,
    "The host names of this site, the one that kiosks use included; `*` is refused. `garden.settings.local` takes "
    "every host.",
)
SECURE_HSTS_SECONDS = env.integer(
    "SECURE_HSTS_SECONDS",
    31_536_000,
    "Seconds for which browsers use only TLS, subdomains included (HSTS); 0 sends no such header.",
)
ALLOW_OPEN_KIOSKS = env.boolean(
    "ALLOW_OPEN_KIOSKS", False, "Confirms `KIOSK_ACCESS=open`, which production refuses otherwise."
)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"  # Browsers take it from this host alone, over TLS, for the whole site.
CSRF_COOKIE_NAME = "__Host-csrf"
# Where a proxy changes the host name, the browser's origin is still one of these.
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS]
if PUBLIC_URL.startswith("https://"):
    CSRF_TRUSTED_ORIGINS.append("/".join(PUBLIC_URL.split("/")[:3]))
if NUM_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE = ["garden.limits.DrainBodyMiddleware", *MIDDLEWARE]

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured("SECRET_KEY must be random and at least 50 characters long.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: its error pages show what they must not.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's hosts.")
if KIOSK_ACCESS == "open" and not ALLOW_OPEN_KIOSKS:
    raise ImproperlyConfigured("KIOSK_ACCESS=open lets anyone ask; set ALLOW_OPEN_KIOSKS=1 if you mean it.")
