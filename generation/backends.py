"""The configured engines and tagger, built once per process, and system checks of their settings."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from garden.backends import build_backend, check_backend, forget_on_change
from garden.errors import MisconfiguredError
from generation.engines.base import Engine
from generation.safety import network_file
from generation.tagging.base import PictureTagger

ENGINES, TAGGER = "GENERATION_ENGINES", "PICTURE_TAGGER"
_TURNED_ON_BY = {"diffusers": "DIFFUSERS_MODEL", "sagemaker": "SAGEMAKER", "openai_images": "IMAGE_SERVERS"}


@lru_cache
def get_engine(name: str) -> Engine:
    """The engine configured under `name`. Raises MisconfiguredError naming those that are."""
    try:
        entry = settings.GENERATION_ENGINES[name]
    except KeyError:
        known = ", ".join(settings.GENERATION_ENGINES)
        advice = f" Set {_TURNED_ON_BY[name]} to turn it on." if name in _TURNED_ON_BY else ""
        raise MisconfiguredError(f"{ENGINES} has no engine {name!r}; it has {known}.{advice}") from None
    return build_backend(ENGINES, entry, Engine)


@lru_cache(maxsize=1)
def get_tagger() -> PictureTagger:
    return build_backend(TAGGER, settings.PICTURE_TAGGER, PictureTagger)


forget_on_change(get_engine.cache_clear, ENGINES)
forget_on_change(get_tagger.cache_clear, TAGGER)


@register("site")
def check_engines(**kwargs: Any) -> list[CheckMessage]:
    entries = settings.GENERATION_ENGINES.values()
    return [message for entry in entries for message in check_backend("GENERATION_ENGINES", entry, Engine)]


@register("site")
def check_retouch_prices(**kwargs: Any) -> list[CheckMessage]:
    unknown = sorted(set(settings.RETOUCH_PRICES) - set(settings.GENERATION_ENGINES))
    known = ", ".join(settings.GENERATION_ENGINES)
    return [
        Error(
            f"RETOUCH_PRICES has a price for {name!r}, which is not an engine; known are {known}.",
            id="generation.retouch_prices",
        )
        for name in unknown
    ]


@register("site")
def check_grow_engine(**kwargs: Any) -> list[CheckMessage]:
    name, known = settings.GROW_ENGINE, ", ".join(settings.GENERATION_ENGINES)
    if not name or name in settings.GENERATION_ENGINES:
        return []
    return [Error(f"GROW_ENGINE is {name!r}, which is not an engine; known are {known}.", id="generation.grow_engine")]


@register("site")
def check_safety_network(**kwargs: Any) -> list[CheckMessage]:
    if settings.GROW_SAFETY_LIMIT >= 1 or network_file().is_file():
        return []
    hint = "Run `npm install --no-save nsfwjs@4.3.0`, then `manage.py build_models`."
    return [checks.Warning(f"GROW_SAFETY_LIMIT needs {network_file()}.", hint=hint, id="generation.safety_network")]


@register("site")
def check_tagger(**kwargs: Any) -> list[CheckMessage]:
    return check_backend("PICTURE_TAGGER", settings.PICTURE_TAGGER, PictureTagger)


EARLY = timedelta(days=60)


@register("site")
def check_signing_key(**kwargs: Any) -> list[CheckMessage]:
    """An unreadable key is an error; one that others may read, or that soon expires, a warning."""
    path = Path(settings.PROVENANCE_KEY)
    if not settings.PROVENANCE_SIGNING or not path.exists():
        return []
    from generation.signing import load_signing_key  # Loads cryptography, which is slow.

    try:
        expires_at = load_signing_key(path).expires_at
    except MisconfiguredError as error:
        return [checks.Error(error.detail, id="generation.signing_key")]
    return [*_check_readers(path), *_check_expiry(expires_at)]


def _check_readers(path: Path) -> list[CheckMessage]:
    if path.stat().st_mode & 0o007:
        return [checks.Warning(f"{path} can be read by everybody: chmod 600.", id="generation.signing_key_open")]
    return []


def _check_expiry(expires_at: datetime) -> list[CheckMessage]:
    if expires_at - datetime.now(UTC) >= EARLY:
        return []
    words, hint = f"The signing key ends on {expires_at:%Y-%m-%d}.", "manage.py make_signing_key --renew"
    return [checks.Warning(words, hint=hint, id="generation.signing_key_ends")]
