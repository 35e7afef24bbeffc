"""Who may come in, how long they stay, and how often they may ask."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_choice, env_int, env_str

# --- Counting what is asked -----------------------------------------------------------------------
_COUNTERS = "garden.rates"


def rate_counter(data_dir: Path, engine: str, broker_url: str) -> dict[str, Any]:
    """Where processes count together: Redis if the broker is one, else PostgreSQL, else a file of this machine."""
    place = env_str("RATE_COUNTER", "")
    if not place:
        place = _usual_place(engine, broker_url)
    if place.startswith(("redis://", "rediss://")):
        return {"BACKEND": f"{_COUNTERS}.redis.RedisCounter", "OPTIONS": {"url": place}}
    if place == "database":
        return {"BACKEND": f"{_COUNTERS}.database.DatabaseCounter"}
    if place == "memory":
        return {"BACKEND": f"{_COUNTERS}.memory.MemoryCounter"}
    if place != "file":
        raise ImproperlyConfigured(f"RATE_COUNTER must be file, database, memory or redis://…, not {place!r}.")
    return {"BACKEND": f"{_COUNTERS}.file.FileCounter", "OPTIONS": {"path": data_dir / "rates.sqlite3"}}


def _usual_place(engine: str, broker_url: str) -> str:
    if broker_url.startswith(("redis://", "rediss://")):
        return broker_url
    return "file" if "sqlite" in engine else "database"


# --- Kiosk keys -----------------------------------------------------------------------------------
KIOSK_KEY_OVERLAP_HOURS = env_int("KIOSK_KEY_OVERLAP_HOURS", 24)

# --- Staff ----------------------------------------------------------------------------------------
STAFF_SECOND_FACTOR = env_choice("STAFF_SECOND_FACTOR", ("required", "optional"), "required")
STAFF_IDLE_MINUTES = env_int("STAFF_IDLE_MINUTES", 30)
STAFF_SESSION_HOURS = env_int("STAFF_SESSION_HOURS", 12, minimum=1)
AUDIT_RETENTION_DAYS = env_int("AUDIT_RETENTION_DAYS", 730)
LOGIN_URL = "admin:login"
OTP_TOTP_ISSUER = "Emotion Garden"
OTP_TOTP_THROTTLE_FACTOR = 1
"""Seconds after the first wrong code, doubled with each further one."""

# --- Guessing passwords: django-axes --------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "garden.access.backends.PacedBackend",
]
AXES_FAILURE_LIMIT = env_int("LOGIN_FAILURES", 5, minimum=1)
AXES_COOLOFF_TIME = timedelta(minutes=env_int("LOGIN_LOCKOUT_MINUTES", 15, minimum=1))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_WHITELIST_CALLABLE = "garden.access.backends.counts_no_failure"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "garden.access.address.network_of"
AXES_LOCKOUT_CALLABLE = "garden.access.lockout.tell_of_lockout"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True  # The audit trail has it.
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "key", "code"]

# --- Requests -------------------------------------------------------------------------------------
REQUEST_MAX_BYTES = env_int("REQUEST_MAX_BYTES", 20_000_000, minimum=1)
