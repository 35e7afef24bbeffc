"""The breaker before services that cost money or time: open after failures, one probe while it is half-open."""

import pytest

from garden.breaker import BreakerState, CircuitBreaker, ClosedError, Gate


def test_a_gate_that_is_half_open_lets_one_in_at_a_time() -> None:
    now = [0.0]
    gate = Gate(CircuitBreaker(threshold=1, cool_down=5, clock=lambda: now[0]))
    with pytest.raises(OSError, match="away"), gate.passing(OSError):
        raise OSError("away")
    now[0] = 6.0
    with gate.passing(OSError):
        with pytest.raises(ClosedError), gate.passing(OSError):
            pytest.fail("a second probe was let in")
        assert state(gate) is BreakerState.HALF_OPEN
    assert state(gate) is BreakerState.CLOSED


def test_a_gate_does_not_count_what_is_no_failure() -> None:
    gate = Gate(CircuitBreaker(threshold=1, cool_down=5))
    with pytest.raises(ValueError, match="mine"), gate.passing(OSError):
        raise ValueError("mine")
    with gate.passing(OSError):
        pass


def state(gate: Gate) -> BreakerState:
    return gate.breaker.state


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = CircuitBreaker(3, 30, Clock())
    for _ in range(2):
        breaker.fail()
    breaker.succeed()
    for _ in range(2):
        breaker.fail()
    assert state_of(breaker) is BreakerState.CLOSED
    breaker.fail()
    assert state_of(breaker) is BreakerState.OPEN


def test_it_lets_one_probe_through_after_the_cool_down() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 30, clock)
    breaker.fail()
    clock.now += 29.9
    assert state_of(breaker) is BreakerState.OPEN
    clock.now += 0.1
    assert state_of(breaker) is BreakerState.HALF_OPEN


def test_a_failed_probe_opens_it_again_and_a_good_one_closes_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 30, clock)
    for _ in range(2):
        breaker.fail()
        assert state_of(breaker) is BreakerState.OPEN
        clock.now += 30
    breaker.succeed()
    assert state_of(breaker) is BreakerState.CLOSED


def state_of(breaker: CircuitBreaker) -> BreakerState:
    return breaker.state
