"""System checks of the garden's own settings: the face analyzer, the public address, static files, privacy."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.checks import CheckMessage, Tags, register

from garden.backends import check_backend
from garden.errors import MisconfiguredError
from garden.faces.base import FaceAnalyzer
from garden.faces.registry import analyzer_defaults, get_face_analyzer, photo_recipient
from garden.faces.rekognition import RekognitionAnalyzer
from garden.ops.health import uncollected
from garden.privacy.consent import Policy
from garden.privacy.packs import PACKS, may_read_faces
from garden.souvenirs.links import is_only_here


@register("site")
def check_face_analyzer(**kwargs: Any) -> list[CheckMessage]:
    wrong = check_backend("FACE_ANALYZER", settings.FACE_ANALYZER, FaceAnalyzer, **analyzer_defaults())
    if wrong or not settings.FACE_LIVENESS:
        return wrong
    if settings.FACE_QUALITY_CHECK == "off":
        words = "FACE_LIVENESS is on, but FACE_QUALITY_CHECK is off: nothing is refused."
    elif not get_face_analyzer().tells_live:
        words = "FACE_LIVENESS is on, but the face analyzer does not support it."
    else:
        return []
    return [checks.Warning(words, hint="Set FACE_LIVENESS=off, or correct the other.", id="garden.face_liveness")]


HINT = "Set it to the address under which visitors' phones reach this site, as in https://garden.example.org."


@register("site")
def check_public_url(**kwargs: Any) -> list[CheckMessage]:
    """A QR code with `localhost` leads every phone to itself; kiosks and walls show none then."""
    if not settings.PUBLIC_URL or not is_only_here(settings.PUBLIC_URL):
        return []
    words = f"PUBLIC_URL is {settings.PUBLIC_URL}, which phones cannot reach."
    return [checks.Warning(words, hint=HINT, id="garden.public_url_only_here")]


@register("site", deploy=True)
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


@register("site")
def check_tries_fit(**kwargs: Any) -> list[CheckMessage]:
    """A reading that takes longer keeps running, with its photo in memory, until the last attempt has ended."""
    try:
        analyzer = get_face_analyzer()
    except MisconfiguredError:
        return []  # Reported by the check of the setting itself.
    if not isinstance(analyzer, RekognitionAnalyzer) or analyzer.longest <= settings.FACE_READING_SECONDS:
        return []
    words = f"Rekognition's attempts may take {analyzer.longest:g} s, a reading {settings.FACE_READING_SECONDS} s."
    hint = "Lower attempts, frames or read_timeout in the OPTIONS of FACE_ANALYZER."
    return [checks.Warning(words, hint=hint, id="garden.rekognition_too_patient")]


@register("site")
def check_context(**kwargs: Any) -> list[CheckMessage]:
    """Inferring emotions at work and in education is forbidden: the site must switch it off itself, knowingly."""
    if not settings.FACE_READING or may_read_faces(settings.SITE_CONTEXT):
        return []
    words = f"SITE_CONTEXT is {settings.SITE_CONTEXT}: faces must not be read there (EU AI Act, Article 5(1)(f))."
    hint = "Set FACE_READING=0, or correct SITE_CONTEXT. Until then every photo is refused."
    return [checks.Error(words, hint=hint, id="garden.faces_forbidden_here")]


@register("site")
def check_photos_stay(**kwargs: Any) -> list[CheckMessage]:
    """A kiosk's own pack is looked at when a photo comes; this looks at the site's."""
    if Policy.at(None).keeps_photos or not settings.FACE_READING:
        return []
    words = f"PRIVACY_PACK={settings.PRIVACY_PACK} keeps photos here, but they would be sent to {photo_recipient()}."
    hint = "Choose an analyzer that reads on this machine (FACE_ANALYZER). Until then every photo is refused."
    return [checks.Error(words, hint=hint, id="garden.photos_leave")]


@register("site")
def check_controller(**kwargs: Any) -> list[CheckMessage]:
    if not PACKS[settings.PRIVACY_PACK].asks_consent:
        return []
    missing = [name for name in ("PRIVACY_CONTROLLER", "PRIVACY_CONTACT") if not getattr(settings, name)]
    return [
        checks.Warning(
            f"{name} is empty: the notice of PRIVACY_PACK={settings.PRIVACY_PACK} must state it.",
            hint="Name the controller of visitors' data, and the address that visitors can write to.",
            id=f"garden.{name.lower()}_missing",
        )
        for name in missing
    ]
