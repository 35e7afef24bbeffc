"""When a device is alarming, and who is told."""

import ipaddress
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_bool, env_int, env_list, env_secret, env_str


def _safe_address(url: str) -> str:
    """Alarms name rooms and devices: they leave this machine encrypted, or not at all."""
    parts = urlsplit(url)
    if not url or (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _here(parts.hostname)))):
        return url
    raise ImproperlyConfigured(f"ALERT_WEBHOOK_URL must begin with https:// (http:// on this machine), not {url!r}.")


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


ALERT_AFTER_SECONDS = env_int("ALERT_AFTER_SECONDS", 120, minimum=60)
ALERT_WEBHOOK_URL = _safe_address(env_str("ALERT_WEBHOOK_URL", ""))
ALERT_WEBHOOK_SECRET = env_secret("ALERT_WEBHOOK_SECRET", "")
ALERT_EMAILS = env_list("ALERT_EMAILS")

# --- Mail: Django's own settings ------------------------------------------------------------------
EMAIL_HOST = env_str("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25, minimum=1)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", False)
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL are two ways to the same: set one of them.")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "garden@localhost")
