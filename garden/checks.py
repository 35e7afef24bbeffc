"""System checks of the garden's own settings."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from garden.backends import check_backend
from garden.emotion.base import FaceAnalyzer
from garden.emotion.registry import photo_limits
from garden.souvenirs.addresses import is_only_here


@register()
def check_face_analyzer(**kwargs: Any) -> list[CheckMessage]:
    return check_backend("FACE_ANALYZER", settings.FACE_ANALYZER, FaceAnalyzer, limits=photo_limits())


HINT = "Set it to the address under which visitors' phones reach this site, as in https://garden.example.org."


@register()
def check_public_url(**kwargs: Any) -> list[CheckMessage]:
    """A code that says `localhost` leads every phone to itself; kiosks and walls show none then."""
    if not settings.PUBLIC_URL or not is_only_here(settings.PUBLIC_URL):
        return []
    words = f"PUBLIC_URL is {settings.PUBLIC_URL}, where no phone finds a souvenir."
    return [checks.Warning(words, hint=HINT, id="garden.public_url_only_here")]


@register(Tags.security, deploy=True)
def check_public_url_is_set(**kwargs: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL:
        return []
    words = "PUBLIC_URL is empty: QR codes lead to the address that each kiosk was opened with."
    return [checks.Warning(words, hint=HINT, id="garden.public_url_missing")]
