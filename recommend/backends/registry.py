"""The recommenders of this site, each built once a process."""

from functools import cache

from django.conf import settings

from garden.backends import build_backend, forget_on_change
from recommend.backends.base import Recommender
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.uniform import UniformRecommender

SETTING = "RECOMMENDER"
CHALLENGER_SETTING = "RECOMMENDER_CHALLENGER"


@cache
def _built(setting: str) -> Recommender:
    return build_backend(setting, getattr(settings, setting), Recommender)


def get_recommender() -> Recommender:
    return _built(SETTING)


def get_challenger() -> Recommender:
    return _built(CHALLENGER_SETTING)


@cache
def _own_embedded() -> EmbeddedRecommender:
    return EmbeddedRecommender()


def get_embedded() -> EmbeddedRecommender:
    """The champion if it is an embedded recommender; otherwise one more."""
    champion = get_recommender()
    return champion if isinstance(champion, EmbeddedRecommender) else _own_embedded()


@cache
def get_uniform() -> UniformRecommender:
    """It uses the embedded recommender's pool, so that no process has the pictures twice in memory."""
    return UniformRecommender(pool=get_embedded().pool)


def forget_recommenders() -> None:
    for cached in (_built, _own_embedded, get_uniform):
        cached.cache_clear()


forget_on_change(forget_recommenders, SETTING, CHALLENGER_SETTING, "RECOMMENDER_HOLDOUT")
