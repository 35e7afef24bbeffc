"""Which recommender answers a visitor. Decided by hashing: the same in every process, remembered nowhere."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from garden.backends import build_backend
from recommend.backends.base import Recommender
from recommend.backends.registry import get_recommender
from recommend.experiments.running import running_trial
from recommend.experiments.uniform import UniformRecommender
from recommend.models.arm import Arm

CHALLENGER_SETTING = "RECOMMENDER_CHALLENGER"


def choose_arm(*, visitor_id: str, seed: int) -> Arm:
    """The arm of one answer, whose ranking has this seed.

    The hold-out is drawn anew for every answer, so that nobody is left to chance for a whole visit. A trial
    keeps a visitor on the side they fell on; without an id each answer is a visitor of its own.
    """
    if fraction("hold-out", seed) < settings.RECOMMENDER_HOLDOUT:
        return Arm.HOLDOUT
    trial = running_trial()
    if trial is not None and fraction(trial.pk, visitor_id or seed) < trial.share:
        return Arm.CHALLENGER
    return Arm.CHAMPION


def recommender_of(arm: Arm) -> Recommender:
    """Raises MisconfiguredError if the challenger of the settings cannot be built."""
    if arm is Arm.HOLDOUT:
        return get_uniform()
    return get_challenger() if arm is Arm.CHALLENGER else get_recommender()


@lru_cache(maxsize=1)
def get_uniform() -> UniformRecommender:
    return UniformRecommender()


@lru_cache(maxsize=1)
def get_challenger() -> Recommender:
    entry = settings.RECOMMENDER_CHALLENGER
    return build_backend(CHALLENGER_SETTING, entry, Recommender)


def learners() -> list[Recommender]:
    """Everyone who is told what visitors say: the champion, and a challenger on trial of another backend.

    Two of one backend share what it keeps in the database, which must hear everything once.
    """
    champion = get_recommender()
    if running_trial() is None or isinstance(get_challenger(), type(champion)):
        return [champion]
    return [champion, get_challenger()]


def serving_recommenders() -> list[Recommender]:
    """Everyone who may be asked for the next garden."""
    arms = [Arm.CHAMPION]
    arms += [Arm.HOLDOUT] if settings.RECOMMENDER_HOLDOUT else []
    arms += [Arm.CHALLENGER] if running_trial() else []
    return [recommender_of(arm) for arm in arms]


def fraction(*about: object) -> float:
    """A number in [0, 1) that follows from its arguments alone, evenly spread."""
    digest = hashlib.blake2b("|".join(map(str, about)).encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


def forget_recommenders() -> None:
    get_uniform.cache_clear()
    get_challenger.cache_clear()
    running_trial.forget()


@receiver(setting_changed)
def _forget_challenger(*, setting: str, **kwargs: object) -> None:
    if setting.startswith("RECOMMENDER"):
        forget_recommenders()
