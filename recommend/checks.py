"""System checks of the recommender's settings."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register

from garden.backends import check_backend
from recommend.backends.base import Recommender
from recommend.backends.registry import SETTING


@register()
def check_recommender(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.RECOMMENDER, Recommender)
