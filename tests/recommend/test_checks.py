"""System checks report a wrong RECOMMENDER setting."""

from typing import Any

import pytest

from garden.errors import MisconfiguredError
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.registry import get_recommender
from recommend.checks import check_backends

EMBEDDED = "recommend.backends.embedded.EmbeddedRecommender"


def test_an_unknown_option_is_refused_with_the_known_ones(settings: Any) -> None:
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": {"exploration_flor": 0.1}}
    (error,) = check_backends()
    assert "exploration_flor" in error.msg
    assert "exploration_floor, exploration_ceiling, temperature, depth" in error.msg
    assert "consumer" not in error.msg


@pytest.mark.parametrize(
    "option", [{"exploration_ceiling": 2}, {"exploration_floor": 0}, {"exploration_floor": 0.5}, {"temperature": 0}]
)
def test_a_value_that_makes_no_sense_is_refused(settings: Any, option: dict[str, float]) -> None:
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": option}
    (error,) = check_backends()
    assert error.msg.startswith("RECOMMENDER: ")


def test_a_wrong_challenger_is_reported_and_having_none_is_no_error(settings: Any) -> None:
    assert check_backends() == []
    settings.RECOMMENDER_CHALLENGER = {"BACKEND": EMBEDDED, "OPTIONS": {"temprature": 1}}
    (error,) = check_backends()
    assert "RECOMMENDER_CHALLENGER: unknown options temprature" in error.msg


def test_a_backend_of_another_role_is_refused(settings: Any) -> None:
    settings.RECOMMENDER = {"BACKEND": "recommend.backends.base.RankingRequest"}
    with pytest.raises(MisconfiguredError, match="not a Recommender"):
        get_recommender()


def test_it_is_built_once_and_again_when_the_setting_changes(settings: Any) -> None:
    first = get_recommender()
    assert get_recommender() is first
    settings.RECOMMENDER = {"BACKEND": EMBEDDED, "OPTIONS": {"exploration_ceiling": 0.1}}
    changed = get_recommender()
    assert isinstance(changed, EmbeddedRecommender)
    assert (changed.exploration_floor, changed.exploration_ceiling) == (0.01, 0.1)


def test_how_much_is_left_to_chance_comes_from_the_settings(settings: Any) -> None:
    settings.EXPLORATION_FLOOR, settings.EXPLORATION_CEILING = 0.01, 0.2
    recommender = EmbeddedRecommender()
    assert (recommender.exploration_floor, recommender.exploration_ceiling) == (0.01, 0.2)
