"""Recommenders to evaluate, by the name that an operator gives them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from garden.backends import build_backend
from garden.errors import RefusedError
from recommend.backends.base import Recommender
from recommend.backends.registry import SETTING
from recommend.evaluation.log import SLOTS
from recommend.evaluation.policies import DRAWS, Target
from recommend.experiments.arms import CHALLENGER_SETTING, get_uniform

NAMES = ("champion", "challenger", "random")


class UnknownTargetError(RefusedError):
    """The name is neither one of ours nor a class."""

    code = "unknown_recommender"


def target_of(name: str, options: Mapping[str, Any], draws: int = DRAWS, slots: int = SLOTS) -> Target:
    """`champion` and `challenger` of the settings, `random`, or the dotted path of a backend with its options.

    Raises UnknownTargetError, MisconfiguredError.
    """
    if name == "random":
        return Target(name, get_uniform(), draws, slots)
    setting, entry = _entry(name, options)
    if not entry.get("BACKEND"):
        raise UnknownTargetError(f"The settings name no {name} ({setting}).")
    recommender = build_backend(setting, entry, Recommender)
    return Target(name, recommender, draws, slots)


def _entry(name: str, options: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if name == "champion":
        return SETTING, settings.RECOMMENDER
    if name == "challenger":
        return CHALLENGER_SETTING, settings.RECOMMENDER_CHALLENGER
    if "." not in name:
        raise UnknownTargetError(f"{name!r} is none of {', '.join(NAMES)} and no dotted path of a backend.")
    return "evaluate_recommender", {"BACKEND": name, "OPTIONS": options}
