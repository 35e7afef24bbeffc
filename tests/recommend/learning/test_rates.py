"""What is believed of a picture before, while and after it is seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.learning.rates import Floats, Priors, favorite_rates, group_rates, image_rates, shrink


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def test_without_looks_it_is_the_prior() -> None:
    assert shrink(floats(0), floats(0), 0.37, strength=10) == pytest.approx([0.37])


def test_with_many_looks_it_is_the_rate_itself() -> None:
    assert shrink(floats(70_000), floats(100_000), 0.1, strength=10) == pytest.approx([0.7], abs=1e-3)


@given(liked=st.integers(0, 50), missed=st.integers(0, 50), prior=st.floats(0.01, 0.99), strength=st.floats(0.5, 100))
def test_it_lies_between_the_prior_and_the_rate(liked: int, missed: int, prior: float, strength: float) -> None:
    shown = liked + missed
    rate = liked / shown if shown else prior
    posterior = shrink(floats(liked), floats(shown), prior, strength)[0]
    assert min(prior, rate) - 1e-5 <= posterior <= max(prior, rate) + 1e-5


def test_one_like_of_one_look_is_not_yet_certainty() -> None:
    assert shrink(floats(1, 30), floats(1, 50), 0.2, strength=10).argmax() == 1


def test_favorites_nobody_saw_are_expected_to_do_as_their_emotion_does() -> None:
    priors = Priors(rate=0.2, emotion=1e-6, favorite=20)
    assert favorite_rates(floats(60, 0), floats(100, 0), priors) == pytest.approx([0.6, 0.6], abs=1e-4)


def test_an_emotion_nobody_saw_has_the_prior_rate() -> None:
    assert favorite_rates(floats(0, 0), floats(0, 0), Priors(rate=0.3)) == pytest.approx([0.3, 0.3])


def test_a_new_picture_is_expected_to_do_as_its_favorite_does() -> None:
    rates = image_rates(floats(0, 3), floats(0, 4), prior=floats(0.4, 0.1), priors=Priors(image=10))
    assert rates == pytest.approx([0.4, (3 + 1) / 14])


def test_a_group_thinks_as_everybody_until_it_has_spoken() -> None:
    everybody = floats(0.3, 0.3)
    rates = group_rates(floats(0, 90), floats(0, 100), everybody, Priors(group=40))
    assert rates == pytest.approx([0.3, (90 + 12) / 140])


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"rate": 1}, {"image": 0}, {"group": -1}])
def test_it_refuses_priors_that_say_nothing(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="prior"):
        Priors(**wrong)
