"""The tagger that the settings name."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from generation.tagging.base import PictureTagger

SETTING = "PICTURE_TAGGER"


@lru_cache(maxsize=1)
def get_tagger() -> PictureTagger:
    return build_backend(SETTING, settings.PICTURE_TAGGER, PictureTagger)


@receiver(setting_changed)
def forget_tagger(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_tagger.cache_clear()
