"""The face analyzer that the settings name, built once a process."""

import logging
import os
from functools import lru_cache
from typing import Any

from django.conf import settings

from garden.backends import build_backend, forget_on_change
from garden.errors import MisconfiguredError
from garden.faces.base import AnalyzerUnavailableError, FaceAnalyzer, NetworkMissingError
from garden.faces.photo import PhotoLimits
from garden.faces.selection import Several

logger = logging.getLogger(__name__)
SETTING = "FACE_ANALYZER"


@lru_cache(maxsize=1)
def get_face_analyzer() -> FaceAnalyzer:
    return build_backend(SETTING, settings.FACE_ANALYZER, FaceAnalyzer, **analyzer_defaults())


def photo_recipient() -> str:
    """The third party that receives the photo; empty where none does. The name of a backend that cannot be built."""
    try:
        return get_face_analyzer().recipient
    except MisconfiguredError:
        return str(settings.FACE_ANALYZER["BACKEND"]).rpartition(".")[2]


def load_face_analyzer(**kwargs: Any) -> None:
    """Load the networks before the first visitor; a server whose analyzer fails still starts, and logs it."""
    if not settings.FACE_READING:
        return
    try:
        get_face_analyzer().check()
    except NetworkMissingError as error:
        if "SUPERVISED" not in os.environ:  # Otherwise `run_garden` prepares it now.
            logger.warning("%s", error)
    except AnalyzerUnavailableError as error:
        logger.warning("%s", error)


def analyzer_defaults() -> dict[str, Any]:
    """What the settings say to every analyzer."""
    several = Several(settings.FACE_SEVERAL)
    return {"limits": photo_limits(), "several": several, "liveness": bool(settings.FACE_LIVENESS)}


def photo_limits() -> PhotoLimits:
    return PhotoLimits(max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=settings.PHOTO_MAX_PIXELS)


_READ = (SETTING, "PHOTO_MAX_BYTES", "PHOTO_MAX_PIXELS", "FACE_SEVERAL", "FACE_LIVENESS")
forget_on_change(get_face_analyzer.cache_clear, *_READ)
