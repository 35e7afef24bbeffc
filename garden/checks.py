"""System checks of the garden's own settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from garden.emotion.base import FaceAnalyzer
from garden.emotion.registry import photo_limits


@register()
def check_face_analyzer(**kwargs: Any) -> list[CheckMessage]:
    return check_backend("FACE_ANALYZER", settings.FACE_ANALYZER, FaceAnalyzer, limits=photo_limits())
