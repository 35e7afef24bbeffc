"""The face analyzer that the settings name, built once a process."""

import logging
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from garden.emotion.base import AnalyzerUnavailableError, FaceAnalyzer
from garden.emotion.photo import PhotoLimits

logger = logging.getLogger(__name__)
SETTING = "FACE_ANALYZER"


@lru_cache(maxsize=1)
def get_face_analyzer() -> FaceAnalyzer:
    return build_backend(SETTING, settings.FACE_ANALYZER, FaceAnalyzer, limits=photo_limits())  # type: ignore[type-abstract]


def load_face_analyzer(**kwargs: Any) -> None:
    """Load the networks before the first visitor; a server whose analyzer is down still opens, and says so."""
    try:
        get_face_analyzer().check()
    except AnalyzerUnavailableError as error:
        logger.warning("%s", error)


def photo_limits() -> PhotoLimits:
    return PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=settings.PHOTO_MAX_PIXELS)


@receiver(setting_changed)
def forget_analyzer(*, setting: str, **kwargs: Any) -> None:
    if setting in (SETTING, "PHOTO_MAX_BYTES", "PHOTO_MAX_PIXELS"):
        get_face_analyzer.cache_clear()
