"""The encoder that the settings name, if any, made once a process."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from recommend.encoders.base import PictureEncoder

SETTING = "PICTURE_ENCODER"


@lru_cache(maxsize=1)
def get_encoder() -> PictureEncoder | None:
    if not settings.PICTURE_ENCODER.get("BACKEND"):
        return None
    return build_backend(SETTING, settings.PICTURE_ENCODER, PictureEncoder)


@receiver(setting_changed)
def forget_encoder(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_encoder.cache_clear()
