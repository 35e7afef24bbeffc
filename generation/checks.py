"""System checks of the engines' settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from garden.backends import check_backend
from generation.engines.base import Engine
from generation.tagging.base import PictureTagger


@register()
def check_engines(**kwargs: Any) -> list[CheckMessage]:
    entries = settings.GENERATION_ENGINES.values()
    return [message for entry in entries for message in check_backend("GENERATION_ENGINES", entry, Engine)]


@register()
def check_retouch_prices(**kwargs: Any) -> list[CheckMessage]:
    unknown = sorted(set(settings.RETOUCH_PRICES) - set(settings.GENERATION_ENGINES))
    known = ", ".join(settings.GENERATION_ENGINES)
    return [
        Error(
            f"RETOUCH_PRICES has a price for {name!r}, which is no engine; known are {known}.",
            id="generation.retouch_prices",
        )
        for name in unknown
    ]


@register()
def check_tagger(**kwargs: Any) -> list[CheckMessage]:
    return check_backend("PICTURE_TAGGER", settings.PICTURE_TAGGER, PictureTagger)
