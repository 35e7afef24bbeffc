"""System checks of what reads faces."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from garden.emotion.registry import get_face_analyzer
from garden.emotion.rekognition import RekognitionAnalyzer
from garden.errors import MisconfiguredError


@register()
def check_tries_fit(**kwargs: Any) -> list[CheckMessage]:
    """A reading that takes longer is left alone, and its photo with it, until the last try has ended."""
    try:
        analyzer = get_face_analyzer()
    except MisconfiguredError:
        return []  # Told by the check of the setting itself.
    if not isinstance(analyzer, RekognitionAnalyzer) or analyzer.longest <= settings.FACE_READING_SECONDS:
        return []
    words = f"Rekognition's tries may take {analyzer.longest:g} s, a reading {settings.FACE_READING_SECONDS} s."
    hint = "Lower REKOGNITION_ATTEMPTS, _FRAMES or _TIMEOUT_SECONDS, or raise FACE_READING_SECONDS."
    return [checks.Warning(words, hint=hint, id="garden.rekognition_too_patient")]
