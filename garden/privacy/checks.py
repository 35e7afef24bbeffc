"""System checks: a place where no face may be read must say so, and a notice must name who answers for it."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from garden.emotion.registry import photo_recipient
from garden.privacy.contexts import may_read_faces
from garden.privacy.packs import PACKS
from garden.privacy.policy import Policy


@register()
def check_context(**kwargs: Any) -> list[CheckMessage]:
    """Inferring emotions at work and in education is forbidden: the site must switch it off itself, knowingly."""
    if not settings.FACE_READING or may_read_faces(settings.SITE_CONTEXT):
        return []
    words = f"SITE_CONTEXT is {settings.SITE_CONTEXT}: faces must not be read there (EU AI Act, Article 5(1)(f))."
    hint = "Set FACE_READING=0, or correct SITE_CONTEXT. Until then every photo is refused."
    return [checks.Error(words, hint=hint, id="garden.faces_forbidden_here")]


@register()
def check_photos_stay(**kwargs: Any) -> list[CheckMessage]:
    """A kiosk's own pack is looked at when a photo comes; this looks at the site's."""
    if Policy.at(None).keeps_its_word or not settings.FACE_READING:
        return []
    words = f"PRIVACY_PACK={settings.PRIVACY_PACK} keeps photos in the house, but they would go to {photo_recipient()}."
    hint = "Choose an analyzer that reads on this machine (FACE_ANALYZER). Until then every photo is refused."
    return [checks.Error(words, hint=hint, id="garden.photos_leave")]


@register()
def check_controller(**kwargs: Any) -> list[CheckMessage]:
    if not PACKS[settings.PRIVACY_PACK].asks_consent:
        return []
    missing = [name for name in ("PRIVACY_CONTROLLER", "PRIVACY_CONTACT") if not getattr(settings, name)]
    return [
        checks.Warning(
            f"{name} is empty: the notice of PRIVACY_PACK={settings.PRIVACY_PACK} must say it.",
            hint="Name who answers for visitors' data, and where visitors write to.",
            id=f"garden.{name.lower()}_missing",
        )
        for name in missing
    ]
