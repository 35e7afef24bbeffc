"""System checks of the engines' settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from generation.engines.base import Engine


@register()
def check_engines(**kwargs: Any) -> list[CheckMessage]:
    entries = settings.GENERATION_ENGINES.values()
    return [message for entry in entries for message in check_backend("GENERATION_ENGINES", entry, Engine)]
