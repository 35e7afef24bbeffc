"""The drawn order has exactly the chances it says it has."""

from collections import Counter
from itertools import permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.learning.exploration import Doubles, Exploration, draw_order, draw_slots, slot_propensities

WEIGHTS = np.array([1.0, 0.5, 0.25, 0.01])
EPSILON = 0.3


def chance_of(order: tuple[int, ...], weights: Doubles, epsilon: float) -> float:
    """The chance of a whole order, from the definition: slot by slot, over what remains."""
    chance, left = 1.0, set(range(len(weights)))
    for image in order:
        model = weights[image] / sum(weights[i] for i in left)
        chance *= (1 - epsilon) * model + epsilon / len(left)
        left.remove(image)
    return float(chance)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_propensities_multiply_to_the_chance_of_the_order(order: tuple[int, ...]) -> None:
    chances = slot_propensities(WEIGHTS, np.array(order), EPSILON)
    assert prod(chances) == pytest.approx(chance_of(order, WEIGHTS, EPSILON), rel=1e-12)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_propensities_of_all_orders_of_five_sum_to_one(depth: int) -> None:
    weights = np.array([1.0, 0.3, 0.3, 1e-4, 1e-9])
    total = sum(prod(slot_propensities(weights, np.array(o), 0.03)) for o in permutations(range(5), depth))
    assert total == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
def test_orders_come_as_often_as_their_propensities_say(epsilon: float) -> None:
    rng, draws = np.random.default_rng(7), 40_000
    seen = Counter(tuple(draw_slots(WEIGHTS, 3, epsilon, rng).tolist()) for _ in range(draws))
    expected = {
        order: prod(slot_propensities(WEIGHTS, np.array(order), epsilon)) for order in permutations(range(4), 3)
    }
    chi_squared = sum((seen[order] - draws * p) ** 2 / (draws * p) for order, p in expected.items())
    assert chi_squared < 49.7  # 23 degrees of freedom, p = 0.001
    assert set(seen) <= set(expected)


def test_no_image_falls_below_its_uniform_share() -> None:
    weights = Exploration(temperature=0.001).weights(np.linspace(0, 1, 100))
    chances = slot_propensities(weights, np.arange(24), epsilon=0.03)
    assert (chances >= 0.03 / 100).all()


def test_a_weight_that_dwarfs_the_others_does_not_spoil_their_propensities() -> None:
    weights = np.array([1.0, 1e-30, 1e-30])
    chances = slot_propensities(weights, np.array([0, 1, 2]), epsilon=0.0)
    assert chances == pytest.approx([1, 0.5, 1])


def test_a_better_score_makes_a_larger_weight_and_the_best_one_weighs_one() -> None:
    weights = Exploration(temperature=0.1).weights(np.array([0.2, 0.3, 0.1], np.float32))
    assert weights == pytest.approx([np.exp(-1), 1, np.exp(-2)], rel=1e-5)
    assert (Exploration(temperature=1e-6).weights(np.array([0.0, 1.0])) > 0).all()


def test_slots_after_the_depth_follow_by_score_and_equals_in_the_given_order() -> None:
    scores = np.array([0.1, 0.5, 0.3, 0.3, 0.3, 0.9])
    how = Exploration(depth=1, epsilon=0)
    order, chances = draw_order(how.weights(scores), scores, 5, how, np.random.default_rng(0))
    assert order.tolist() == [5, 1, 2, 3, 4]
    assert len(chances) == 1


@given(
    scores=st.lists(st.sampled_from([0.1, 0.2, 0.2001, 0.9]), max_size=40),
    count=st.integers(0, 60),
    depth=st.integers(0, 30),
    epsilon=st.sampled_from([0.0, 0.03, 1.0]),
    seed=st.integers(0, 2**128),
)
def test_an_order_names_as_many_images_as_asked_and_each_once(
    scores: list[float], count: int, depth: int, epsilon: float, seed: int
) -> None:
    how = Exploration(epsilon=epsilon, depth=depth)
    values = np.array(scores)
    order, chances = draw_order(how.weights(values), values, count, how, np.random.default_rng(seed))
    assert len(order) == len(set(order.tolist())) == min(count, len(scores))
    assert len(chances) == min(depth, len(order))
    assert ((chances > 0) & (chances <= 1 + 1e-12)).all()
    rest = values[order[len(chances) :]]
    left_out = np.delete(values, order)
    assert (np.diff(rest) <= 0).all()
    assert not len(rest) or not len(left_out) or left_out.max() <= rest.min()


@given(few=st.integers(0, 60), seed=st.integers(0, 2**128))
def test_fewer_of_the_same_draw_are_its_beginning(few: int, seed: int) -> None:
    scores = np.linspace(0, 0.1, 60)
    how = Exploration(epsilon=0.5)
    whole, beginning = (
        draw_order(how.weights(scores), scores, count, how, np.random.default_rng(seed)) for count in (60, few)
    )
    assert beginning[0].tolist() == whole[0].tolist()[:few]
    assert beginning[1].tolist() == whole[1].tolist()[:few]


@pytest.mark.parametrize("wrong", [{"epsilon": -0.1}, {"epsilon": 1.1}, {"temperature": 0}, {"depth": -1}])
def test_it_refuses_settings_that_are_no_chances(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="epsilon"):
        Exploration(**wrong)  # type: ignore[arg-type]
