"""A site that is open to visitors: refuses to start half-configured."""

from django.core.exceptions import ImproperlyConfigured

from garden.settings.base import *  # noqa: F403
from garden.settings.base import DEBUG, KIOSK_ACCESS, MIDDLEWARE
from garden.settings.env import env_bool, env_int, env_list, env_secret

SECRET_KEY = env_secret("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")

SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env_bool("SECURE_HSTS_PRELOAD", True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"  # Browsers take it from this host alone, over TLS, for the whole site.
CSRF_COOKIE_NAME = "__Host-csrf"
if env_bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE = ["garden.limits.HearOut", *MIDDLEWARE]

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured("SECRET_KEY must be random and at least 50 characters long.")
if DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: its error pages show what they must not.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's hosts.")
if KIOSK_ACCESS == "open" and not env_bool("ALLOW_OPEN_KIOSKS", False):
    raise ImproperlyConfigured("KIOSK_ACCESS=open lets anyone ask; set ALLOW_OPEN_KIOSKS=1 if you mean it.")
