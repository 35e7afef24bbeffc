"""Whose tokens are believed besides this site's own: one identity provider (OpenID Connect), or none."""

from django.core.exceptions import ImproperlyConfigured

from garden.settings.env import env_str

OIDC_ISSUER = env_str("OIDC_ISSUER", "")
OIDC_AUDIENCE = env_str("OIDC_AUDIENCE", "")
OIDC_JWKS_URL = env_str("OIDC_JWKS_URL", "")
OIDC_USERNAME_CLAIM = env_str("OIDC_USERNAME_CLAIM", "username")

_given = {"OIDC_ISSUER": OIDC_ISSUER, "OIDC_AUDIENCE": OIDC_AUDIENCE, "OIDC_JWKS_URL": OIDC_JWKS_URL}
if any(_given.values()) and not all(_given.values()):
    _missing = ", ".join(name for name, value in _given.items() if not value)
    raise ImproperlyConfigured(f"{_missing} must be set, too: without it nobody's token can be checked.")
if OIDC_JWKS_URL and not OIDC_JWKS_URL.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
    raise ImproperlyConfigured("OIDC_JWKS_URL must begin with https://: whoever changes these keys is anybody.")
