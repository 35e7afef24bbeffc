"""A wrong RECOMMENDER setting is told before the first visitor comes."""

from typing import Any

import pytest

from garden.errors import MisconfiguredError
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.registry import get_recommender
from recommend.checks import check_recommender

EMBEDDED = "recommend.backends.embedded.EmbeddedRecommender"


def test_the_default_is_sound() -> None:
    assert check_recommender() == []


def test_an_unknown_option_is_refused_with_the_known_ones(settings: Any) -> None:
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": {"epsilom": 0.1}}
    (error,) = check_recommender()
    assert "epsilom" in error.msg
    assert "epsilon, temperature, depth" in error.msg
    assert "catalogue" not in error.msg


@pytest.mark.parametrize("option", [{"epsilon": 2}, {"temperature": 0}, {"prior_rate": 1}, {"group_strength": 0}])
def test_a_value_that_makes_no_sense_is_refused(settings: Any, option: dict[str, float]) -> None:
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": option}
    (error,) = check_recommender()
    assert error.msg.startswith("RECOMMENDER: ")


def test_a_backend_of_another_role_is_refused(settings: Any) -> None:
    settings.RECOMMENDER = {"BACKEND": "recommend.backends.base.Wanted"}
    with pytest.raises(MisconfiguredError, match="not a Recommender"):
        get_recommender()


def test_it_is_built_once_and_again_when_the_setting_changes(settings: Any) -> None:
    first = get_recommender()
    assert get_recommender() is first
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": {"epsilon": 0.1}}
    changed = get_recommender()
    assert isinstance(changed, EmbeddedRecommender)
    assert (changed.exploration.epsilon, changed.exploration.temperature) == (0.1, 0.03)
