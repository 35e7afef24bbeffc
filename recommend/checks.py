"""System checks of the recommender's settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from recommend.backends.base import Recommender
from recommend.backends.registry import SETTING
from recommend.encoders import SETTING as ENCODER_SETTING
from recommend.encoders import PictureEncoder
from recommend.experiments.trials import CHALLENGER_SETTING


@register()
def check_recommender(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.RECOMMENDER, Recommender)


@register()
def check_challenger(**kwargs: Any) -> list[CheckMessage]:
    """None is a challenger too."""
    entry = settings.RECOMMENDER_CHALLENGER
    return check_backend(CHALLENGER_SETTING, entry, Recommender) if entry.get("BACKEND") else []


@register()
def check_encoder(**kwargs: Any) -> list[CheckMessage]:
    """None is an encoder too."""
    entry = settings.PICTURE_ENCODER
    return check_backend(ENCODER_SETTING, entry, PictureEncoder) if entry.get("BACKEND") else []
