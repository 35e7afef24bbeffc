"""The face analyzer that the settings name, built once a process."""

import logging
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from garden.errors import MisconfiguredError
from garden.faces.base import AnalyzerUnavailableError, FaceAnalyzer, Several
from garden.faces.photo import PhotoLimits

logger = logging.getLogger(__name__)
SETTING = "FACE_ANALYZER"


@lru_cache(maxsize=1)
def get_face_analyzer() -> FaceAnalyzer:
    return build_backend(SETTING, settings.FACE_ANALYZER, FaceAnalyzer, **analyzer_defaults())


def photo_recipient() -> str:
    """Who outside this house gets the photo; empty where nobody does. Of what cannot be built, the name."""
    try:
        return get_face_analyzer().recipient
    except MisconfiguredError:
        return str(settings.FACE_ANALYZER["BACKEND"]).rpartition(".")[2]


def load_face_analyzer(**kwargs: Any) -> None:
    """Load the networks before the first visitor; a server whose analyzer is down still opens, and says so."""
    if not settings.FACE_READING:
        return
    try:
        get_face_analyzer().check()
    except AnalyzerUnavailableError as error:
        logger.warning("%s", error)


def analyzer_defaults() -> dict[str, Any]:
    """What the settings say to every analyzer."""
    several = Several(settings.FACE_SEVERAL)
    return {"limits": photo_limits(), "several": several, "liveness": bool(settings.FACE_LIVENESS)}


def photo_limits() -> PhotoLimits:
    return PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=settings.PHOTO_MAX_PIXELS)


@receiver(setting_changed)
def forget_analyzer(*, setting: str, **kwargs: Any) -> None:
    if setting in (SETTING, "PHOTO_MAX_BYTES", "PHOTO_MAX_PIXELS", "FACE_SEVERAL", "FACE_LIVENESS"):
        get_face_analyzer.cache_clear()
