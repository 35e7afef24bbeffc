"""System checks of the recommender's settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from recommend.backends.base import Recommender
from recommend.encoders import PictureEncoder

OPTIONAL = {"RECOMMENDER_CHALLENGER": Recommender, "PICTURE_ENCODER": PictureEncoder}
"""Settings that need not name a backend, and its role."""


@register("site")
def check_backends(**kwargs: Any) -> list[CheckMessage]:
    found = check_backend("RECOMMENDER", settings.RECOMMENDER, Recommender)
    for setting, role in OPTIONAL.items():
        entry = getattr(settings, setting)
        found += check_backend(setting, entry, role) if entry.get("BACKEND") else []
    return found
