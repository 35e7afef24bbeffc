"""The recommender that the settings name, built once a process."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from recommend.backends.base import Recommender

SETTING = "RECOMMENDER"


@lru_cache(maxsize=1)
def get_recommender() -> Recommender:
    return build_backend(SETTING, settings.RECOMMENDER, Recommender)


@receiver(setting_changed)
def forget_recommender(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_recommender.cache_clear()
