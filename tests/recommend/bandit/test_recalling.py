"""Visitors who come back after others took their place in memory."""

from collections.abc import Sequence

import numpy as np
import pytest

from recommend.bandit.context import Look
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from tests.recommend.bandit.slate_cast import CALM, WIDTH, look, some_looks, taught

ANN = [look(900 + number, "ann", [number, number + 10, number + 20], [number]) for number in range(6)]
NEVER = "must not be asked"


def said() -> Sequence[Look]:
    return ANN


def never() -> Sequence[Look]:
    raise AssertionError(NEVER)


def a_crowd(model: SlateModel) -> None:
    """So many others that nobody from before is remembered."""
    for one in some_looks(30, visitors=9, seed=8):
        model.learn(one)


def crowded() -> SlateModel:
    model = taught(ANN, taught(some_looks(200), SlateModel(WIDTH, Priors(visitors=3))))
    a_crowd(model)
    assert "ann" not in model.visitors.known
    return model


def test_who_was_forgotten_is_believed_nearly_as_one_who_was_not() -> None:
    model = crowded()
    remembering = taught(ANN, taught(some_looks(200), SlateModel(WIDTH, Priors(visitors=30))))
    a_crowd(remembering)
    kept = remembering.belief(CALM, "ann").mean - remembering.belief(CALM).mean
    found = model.belief(CALM, "ann", said).mean - model.belief(CALM).mean
    assert np.linalg.norm(found - kept) < 0.5 * np.linalg.norm(kept)


def test_what_was_said_is_asked_of_those_alone_who_are_not_remembered() -> None:
    model = crowded()
    model.learn(look(990, "ann", [1, 2, 3], []), said)
    model.learn(look(991, "ann", [4, 5, 6], []), never)
    model.belief(CALM, "ann", never)
    with pytest.raises(AssertionError, match=NEVER):
        model.belief(CALM, "bob", never)


def test_recalling_teaches_nobody_else() -> None:
    model = crowded()
    before = model.belief(CALM, "visitor-2")
    model.belief(CALM, "ann", said)
    after = model.belief(CALM, "visitor-2")
    assert (before.mean == after.mean).all()
    assert "ann" not in model.visitors.known


def test_what_was_seen_is_recalled_too() -> None:
    assert crowded().belief(CALM, "ann", said).seen.tolist() == [item for one in ANN for item in one.items.tolist()]


def test_the_last_looks_count_and_no_more_than_so_many() -> None:
    model = crowded()
    model.priors = Priors(visitors=3, recalled=2)
    assert model.belief(CALM, "ann", said).mean.tolist() == model.belief(CALM, "ann", lambda: ANN[-2:]).mean.tolist()


def test_nothing_said_before_is_a_new_visitor() -> None:
    model = crowded()
    assert model.belief(CALM, "new", tuple).mean.tolist() == model.belief(CALM).mean.tolist()
