"""The engines and the tagger that the settings name, each built once a process."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from garden.errors import MisconfiguredError
from generation.engines.base import Engine
from generation.tagging.base import PictureTagger

ENGINES, TAGGER = "GENERATION_ENGINES", "PICTURE_TAGGER"


@lru_cache
def get_engine(name: str) -> Engine:
    """The engine configured under `name`. Raises MisconfiguredError naming those that are."""
    try:
        entry = settings.GENERATION_ENGINES[name]
    except KeyError:
        known = ", ".join(settings.GENERATION_ENGINES)
        raise MisconfiguredError(f"{ENGINES} has no engine {name!r}; it has {known}.") from None
    return build_backend(ENGINES, entry, Engine)


@lru_cache(maxsize=1)
def get_tagger() -> PictureTagger:
    return build_backend(TAGGER, settings.PICTURE_TAGGER, PictureTagger)


@receiver(setting_changed)
def forget_backends(*, setting: str, **kwargs: Any) -> None:
    if setting in (ENGINES, TAGGER):
        get_engine.cache_clear()
        get_tagger.cache_clear()
