"""System checks of the garden's own settings."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from garden.backends import check_backend
from garden.emotion.base import FaceAnalyzer
from garden.emotion.registry import analyzer_defaults, get_face_analyzer
from garden.seeing.static_files import uncollected
from garden.souvenirs.addresses import is_only_here


@register()
def check_face_analyzer(**kwargs: Any) -> list[CheckMessage]:
    wrong = check_backend("FACE_ANALYZER", settings.FACE_ANALYZER, FaceAnalyzer, **analyzer_defaults())
    return wrong or _check_liveness()


def _check_liveness() -> list[CheckMessage]:
    """Who asks for it must not be left believing that it happens."""
    if not settings.FACE_LIVENESS:
        return []
    if settings.FACE_GATE == "off":
        words = "FACE_LIVENESS is on, but FACE_GATE is off: nothing is refused."
    elif not get_face_analyzer().tells_live:
        words = "FACE_LIVENESS is on, but the face analyzer cannot tell a person from a picture."
    else:
        return []
    return [checks.Warning(words, hint="Set FACE_LIVENESS=off, or correct the other.", id="garden.face_liveness")]


HINT = "Set it to the address under which visitors' phones reach this site, as in https://garden.example.org."


@register()
def check_public_url(**kwargs: Any) -> list[CheckMessage]:
    """A code that says `localhost` leads every phone to itself; kiosks and walls show none then."""
    if not settings.PUBLIC_URL or not is_only_here(settings.PUBLIC_URL):
        return []
    words = f"PUBLIC_URL is {settings.PUBLIC_URL}, where no phone finds a souvenir."
    return [checks.Warning(words, hint=HINT, id="garden.public_url_only_here")]


@register(deploy=True)
def check_collected(**kwargs: Any) -> list[CheckMessage]:
    """Pages look for their scripts and styles where `collectstatic` puts them."""
    problem = uncollected(staticfiles_storage)
    return [checks.Error(problem, hint="manage.py collectstatic --noinput", id="garden.uncollected")] if problem else []


@register(Tags.security, deploy=True)
def check_public_url_is_set(**kwargs: Any) -> list[CheckMessage]:
    if settings.PUBLIC_URL:
        return []
    words = "PUBLIC_URL is empty: QR codes lead to the address that each kiosk was opened with."
    return [checks.Warning(words, hint=HINT, id="garden.public_url_missing")]
