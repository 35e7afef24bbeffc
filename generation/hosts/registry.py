"""The host controller that the settings name."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from generation.hosts.base import HostController

SETTING = "GPU_HOST_CONTROLLER"


@lru_cache(maxsize=1)
def get_host_controller() -> HostController:
    return build_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


@receiver(setting_changed)
def forget_host_controller(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_host_controller.cache_clear()
