"""Who may come in, how long they stay, and how often they may ask."""

import re
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from garden.settings import env

env.section("Kiosks")
KIOSK_ACCESS = env.choice(
    "KIOSK_ACCESS",
    ("keys", "open"),
    "keys",
    "Whether kiosks need a key; the default of `garden.settings.local` is `open`. With `keys` programs send "
    "`x-api-key`, and the kiosk page is paired once at `/kiosk/pair/`. See "
    "[kiosk keys](../explanation/access.md#give-a-kiosk-or-a-display-its-key).",
)
KIOSK_IDLE_SECONDS = env.integer(
    "KIOSK_IDLE_SECONDS",
    30,
    "Seconds for which a kiosk waits for a touch. Then it counts down ten seconds and ends the visit.",
    minimum=1,
)
KIOSK_LANGUAGE = env.choice(
    "KIOSK_LANGUAGE",
    ("browser", "en", "ko", "ja"),
    "browser",
    "The language in which the kiosk page begins; `browser`: that of the browser. `/kiosk/?language=ko` overrides it, "
    "and visitors may choose another.",
)
KIOSK_FAREWELL_SECONDS = 10
KIOSK_GOODBYE_SECONDS = 20

env.section("Staff")
STAFF_SECOND_FACTOR = env.choice(
    "STAFF_SECOND_FACTOR",
    ("required", "optional"),
    "required",
    "Whether staff must set up a second factor; the default of `garden.settings.local` is `optional`. With `optional` "
    "only users who have set one up need it. See [sign in with a phone]"
    "(../explanation/access.md#sign-in-with-a-phone).",
)
STAFF_IDLE_MINUTES = env.integer(
    "STAFF_IDLE_MINUTES",
    30,
    "Minutes without a request after which staff are signed out; 0 is never, and the default of "
    "`garden.settings.local`. Requests that pages make by themselves do not count.",
)
STAFF_SESSION_HOURS = 12
"""After these hours staff must sign in again, also when they are active."""
LOGIN_URL = "admin:login"
OTP_TOTP_ISSUER = "Emotion Garden"
OTP_TOTP_THROTTLE_FACTOR = 1
"""Seconds after the first wrong code, doubled with each further one."""
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "garden.access.sign_in.PacedBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_WHITELIST_CALLABLE = "garden.access.sign_in.counts_no_failure"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "garden.access.throttling.network_of"
AXES_LOCKOUT_CALLABLE = "garden.access.sign_in.answer_lockout"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True  # The audit log has it.
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "key", "code"]


def oidc() -> dict[str, str]:
    """One identity provider (OpenID Connect) whose tokens are accepted besides this site's own, or none."""
    found = env.options(
        "OIDC",
        "The identity provider (OpenID Connect) whose tokens the retouching client's routes accept from staff; see "
        "[access control](../explanation/access.md#identity-provider).",
        known=("issuer", "audience", "jwks_url", "username_claim"),
    )
    if not found:
        return {"issuer": "", "audience": "", "jwks_url": "", "username_claim": "username"}
    if missing := [key for key in ("issuer", "audience", "jwks_url") if not found.get(key)]:
        raise ImproperlyConfigured(f"OIDC must have {', '.join(missing)}, too: without it no token can be checked.")
    if not found["jwks_url"].startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
        raise ImproperlyConfigured("OIDC: jwks_url must begin with https://: whoever changes these keys is anybody.")
    return {"username_claim": "username", **found}


_oidc = oidc()
OIDC_ISSUER = _oidc["issuer"]
OIDC_AUDIENCE = _oidc["audience"]
OIDC_JWKS_URL = _oidc["jwks_url"]
OIDC_USERNAME_CLAIM = _oidc["username_claim"]

REQUEST_MAX_BYTES = 20_000_000
_RATE = re.compile(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)")


def _rate(value: str) -> str:
    if not _RATE.fullmatch(value):
        raise ValueError(value)
    return value


def throttle_rates() -> dict[str, str]:
    return env.pairs(
        "THROTTLE_RATES",
        {
            "emotion": "120/min",
            "garden": "600/min",
            "like": "600/min",
            "grow": "60/min",
            "growth": "6000/min",
            "heartbeat": "1200/min",
        },
        "How often one kiosk, or one address without a kiosk, may post photos, request gardens, post likes, ask for a "
        "growing picture and watch it (a watching kiosk asks up to seven times a second), and how often the devices of "
        "one key may report. Others keep their default.",
        parse=_rate,
        rule="a rate as in `120/min` (s, min, hour, day)",
        known=("emotion", "garden", "like", "grow", "growth", "heartbeat"),
    )


env.section("Requests")
THROTTLE_RATES = throttle_rates()
NUM_PROXIES = env.integer(
    "NUM_PROXIES",
    0,
    "Proxies before the server. Throttles then take the address from `X-Forwarded-For`; in production "
    "`X-Forwarded-Proto` is trusted too, and refused requests are read to their end. Only for proxies that set both "
    "headers themselves and buffer bodies (Caddy's `request_buffers`, nginx's `proxy_request_buffering`).",
)
CORS_ALLOWED_ORIGINS = env.strings(
    "CORS_ALLOWED_ORIGINS", "", "Origins of other sites' pages that may call the routes of visitors and of the seeds."
)
