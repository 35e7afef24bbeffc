"""What the slate model learns from impressions."""

from dataclasses import replace

import numpy as np
import pytest

from recommend.bandit.context import Context, Impression
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.snapshot import SnapshotVersionError, from_arrays, to_arrays
from tests.recommend.bandit.slate_cast import CALM, WIDTH, impression, pool, some_impressions, taught


def utility(model: SlateModel, item: int, visitor: str = "", context: Context = CALM) -> float:
    belief = model.belief(context, visitor)
    return float(pool().features[item] @ belief.mean) + float(model.effects.of_items(np.array([item]))[0][0])


def same_state(one: SlateModel, other: SlateModel) -> bool:
    mine, theirs = to_arrays(one), to_arrays(other)
    return mine.keys() == theirs.keys() and all(mine[name].tobytes() == theirs[name].tobytes() for name in mine)


def test_it_folds_the_same_impressions_into_the_same_bits() -> None:
    assert same_state(taught(some_impressions()), taught(some_impressions()))


def test_it_learns_on_alike_from_a_snapshot_taken_while_prior_scales_move() -> None:
    for learned in (100, 130):
        model = taught(some_impressions(learned, visitors=40))
        copy = from_arrays(to_arrays(model))
        more = some_impressions(90, visitors=40, seed=2)
        assert same_state(taught(more, model), taught(more, copy))


def test_it_refuses_arrays_of_another_version() -> None:
    with pytest.raises(SnapshotVersionError):
        from_arrays({"head": np.frombuffer(b'{"version": 0}', np.uint8)})


def test_it_believes_more_of_a_liked_picture_than_of_its_neighbours() -> None:
    model = SlateModel(WIDTH)
    before = utility(model, 2)
    model.learn(impression(1, "ann", [1, 2, 3], [2]))
    effects, _ = model.effects.of_items(np.array([1, 2, 3]))
    assert utility(model, 2) > before
    assert effects[0] < 0 < effects[1]
    assert effects[2] < 0


def test_it_learns_from_an_impression_without_a_like() -> None:
    model = SlateModel(WIDTH)
    before = utility(model, 1)
    model.learn(impression(1, "ann", [1, 2, 3], []))
    assert utility(model, 1) < before


def test_it_learns_from_a_like_without_an_impression() -> None:
    model = SlateModel(WIDTH)
    before = utility(model, 5)
    like = Impression(1, "ann", CALM, np.array([5]), pool().features[[5]], np.ones(1, np.bool_), np.array([-1]))
    model.learn(like)
    assert utility(model, 5) > before
    assert not model.positions.impressions.any()


def test_it_forgets_a_like_taken_back() -> None:
    """Nearly: what side blocks learned together was not kept, so it cannot be taken apart to the last bit."""
    seen, liked, undone = (taught(some_impressions()) for _ in range(3))
    seen.learn(impression(900, "ann", [1, 2, 3], []))
    liked.learn(impression(900, "ann", [1, 2, 3], [2]))
    undone.learn(impression(900, "ann", [1, 2, 3], [2]))
    undone.learn(impression(900, "ann", [1, 2, 3], []))
    like_was_worth = utility(liked, 2, "ann") - utility(seen, 2, "ann")
    for item in range(8):
        assert abs(utility(undone, item, "ann") - utility(seen, item, "ann")) < 0.1 * like_was_worth


def test_a_second_like_in_an_impression_replaces_what_was_learned_of_it() -> None:
    once, both, told_twice = SlateModel(WIDTH), SlateModel(WIDTH), SlateModel(WIDTH)
    once.learn(impression(1, "ann", [1, 2, 3], [1]))
    both.learn(impression(1, "ann", [1, 2, 3], [1, 2]))
    told_twice.learn(impression(1, "ann", [1, 2, 3], [1]))
    told_twice.learn(impression(1, "ann", [1, 2, 3], [1, 2]))
    worth = utility(both, 2) - utility(once, 2)
    assert abs(utility(told_twice, 2) - utility(both, 2)) < 0.1 * worth
    assert told_twice.effects.impressions[1] == 1


def test_a_repeated_impression_counts_once() -> None:
    model = SlateModel(WIDTH)
    model.learn(impression(1, "ann", [1, 2, 3], [2]))
    believed = [utility(model, item, "ann") for item in range(8)]
    model.learn(impression(1, "ann", [1, 2, 3], [2]))
    assert [utility(model, item, "ann") for item in range(8)] == pytest.approx(believed)
    assert model.effects.impressions[1:4].tolist() == [1, 1, 1]


def test_what_one_visitor_likes_counts_most_for_them() -> None:
    model = SlateModel(WIDTH)
    model.learn(impression(1, "ann", [1, 2, 3], [2]))
    assert utility(model, 2, "ann") > utility(model, 2, "bob") > utility(SlateModel(WIDTH), 2)


def test_unknown_context_is_allowed() -> None:
    model = SlateModel(WIDTH)
    model.learn(replace(impression(1, "ann", [1, 2, 3], [2]), context=Context()))
    assert utility(model, 2, context=Context(generation="martian")) > utility(SlateModel(WIDTH), 2)


def test_it_forgets_the_visitors_seen_longest_ago_first() -> None:
    model = SlateModel(WIDTH, Priors(visitors=2))
    for number, visitor in enumerate(["ann", "bob", "ann", "cid"]):
        model.learn(impression(number, visitor, [1, 2, 3], []))
    assert list(model.visitors.known) == ["ann", "cid"]


def test_a_forgotten_visitor_is_unknown() -> None:
    model = taught(some_impressions())
    model.forget("visitor-1")
    assert "visitor-1" not in model.visitors.known
    assert not len(model.belief(CALM, "visitor-1").seen)
    assert b'"visitor-1"' not in to_arrays(model)["head"].tobytes()
