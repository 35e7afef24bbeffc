"""The breaker before services that cost money or time: open after failures, one probe while it is half-open."""

import pytest

from garden.breaker import CircuitBreaker, ClosedError


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: CircuitBreaker) -> None:
    with pytest.raises(OSError, match="away"), breaker.passing(OSError):
        raise OSError("away")


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.passing(OSError):
        pass


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = CircuitBreaker(3, 30, Clock())
    for _ in range(2):
        fail(breaker)
    succeed(breaker)
    for _ in range(2):
        fail(breaker)
    succeed(breaker)
    for _ in range(3):
        fail(breaker)
    with pytest.raises(ClosedError), breaker.passing(OSError):
        pytest.fail("somebody was let in")


def test_it_lets_one_probe_through_at_a_time_after_the_cool_down() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 30, clock)
    fail(breaker)
    clock.now += 29.9
    with pytest.raises(ClosedError):
        succeed(breaker)
    clock.now += 0.1
    with breaker.passing(OSError), pytest.raises(ClosedError), breaker.passing(OSError):
        pytest.fail("a second probe was let in")
    succeed(breaker)


def test_a_failed_probe_opens_it_again_and_a_good_one_closes_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(2, 30, clock)
    for _ in range(3):
        fail(breaker)
        clock.now += 30
    fail(breaker)
    with pytest.raises(ClosedError):
        succeed(breaker)
    clock.now += 30
    succeed(breaker)
    fail(breaker)
    succeed(breaker)


def test_it_does_not_count_what_is_no_failure() -> None:
    breaker = CircuitBreaker(threshold=1, cool_down=5)
    with pytest.raises(ValueError, match="mine"), breaker.passing(OSError):
        raise ValueError("mine")
    succeed(breaker)
