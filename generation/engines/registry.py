"""The engines that the settings name."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from garden.errors import MisconfiguredError
from generation.engines.base import Engine

SETTING = "GENERATION_ENGINES"


@lru_cache
def get_engine(name: str) -> Engine:
    """The engine configured under `name`. Raises MisconfiguredError naming those that are."""
    try:
        entry = settings.GENERATION_ENGINES[name]
    except KeyError:
        known = ", ".join(settings.GENERATION_ENGINES)
        raise MisconfiguredError(f"{SETTING} has no engine {name!r}; it has {known}.") from None
    return build_backend(SETTING, entry, Engine)


@receiver(setting_changed)
def forget_engines(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_engine.cache_clear()
