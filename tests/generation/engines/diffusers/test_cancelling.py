"""A listener that raises stops the work, and the next picture comes out as ever."""

import pytest

from generation.engines.diffusers import DiffusersEngine
from tests.generation.engines.diffusers.asking import ask, differ, make_one


class CancelledError(Exception):
    """The curator had enough."""


def test_it_stops_within_one_step(engine: DiffusersEngine) -> None:
    told: list[float] = []

    def cancel_at_the_second(progress: float) -> None:
        told.append(progress)
        if len(told) == 2:
            raise CancelledError

    with pytest.raises(CancelledError):
        list(engine.make([ask(steps=50)], cancel_at_the_second))

    assert len(told) == 2


def test_it_stays_usable_after_a_cancel(engine: DiffusersEngine) -> None:
    before = make_one(engine, ask())

    def cancel(progress: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        list(engine.make([ask(steps=9)], cancel))

    assert differ(make_one(engine, ask()), before) == 0


def test_it_keeps_what_was_finished_before_the_cancel(engine: DiffusersEngine) -> None:
    def cancel_later(progress: float) -> None:
        if progress > 0.7:
            raise CancelledError

    pictures = engine.make([ask(seed=seed) for seed in range(8)], cancel_later)

    assert [next(pictures).request.seed for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(CancelledError):
        next(pictures)


def test_it_hands_over_what_was_finished_out_of_order_before_the_cancel(engine: DiffusersEngine) -> None:
    def cancel_the_second_batch(progress: float) -> None:
        if progress > 0.5:
            raise CancelledError

    pictures = engine.make(
        [ask("spring " * 30 if seed % 2 else "a cat", seed=seed) for seed in range(8)], cancel_the_second_batch
    )

    assert [(made.index, made.request.seed) for made in (next(pictures) for _ in range(4))] == [
        (0, 0),
        (2, 2),
        (4, 4),
        (6, 6),
    ]
    with pytest.raises(CancelledError):
        next(pictures)
