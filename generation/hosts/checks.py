"""System check of the host controller's settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from generation.hosts.base import HostController
from generation.hosts.registry import SETTING


@register()
def check_host_controller(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)
