"""The recommenders of this site, each built once a process."""

from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from recommend.backends.base import Recommender
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.uniform import UniformRecommender

SETTING = "RECOMMENDER"
CHALLENGER_SETTING = "RECOMMENDER_CHALLENGER"


@lru_cache(maxsize=1)
def get_recommender() -> Recommender:
    return build_backend(SETTING, settings.RECOMMENDER, Recommender)


@lru_cache(maxsize=1)
def get_challenger() -> Recommender:
    return build_backend(CHALLENGER_SETTING, settings.RECOMMENDER_CHALLENGER, Recommender)


@lru_cache(maxsize=1)
def _own_embedded() -> EmbeddedRecommender:
    return EmbeddedRecommender()


def get_embedded() -> EmbeddedRecommender:
    """The champion, if it is an embedded recommender; else one beside it."""
    champion = get_recommender()
    return champion if isinstance(champion, EmbeddedRecommender) else _own_embedded()


@lru_cache(maxsize=1)
def get_uniform() -> UniformRecommender:
    """It draws from the embedded recommender's pool, so that no process holds the pictures twice."""
    return UniformRecommender(pool=get_embedded().pool)


def forget_recommenders() -> None:
    for cached in (get_recommender, get_challenger, _own_embedded, get_uniform):
        cached.cache_clear()


@receiver(setting_changed)
def _forget_recommenders(*, setting: str, **kwargs: object) -> None:
    if setting.startswith("RECOMMENDER"):
        forget_recommenders()
