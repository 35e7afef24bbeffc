from garden.breaker import BreakerState, CircuitBreaker
from generation.engines.sagemaker.speed import FORGET_AFTER, Speed


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def state(breaker: CircuitBreaker) -> BreakerState:
    return breaker.state


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = CircuitBreaker(3, 30, Clock())
    for _ in range(2):
        breaker.fail()
    breaker.succeed()
    for _ in range(2):
        breaker.fail()
    assert state(breaker) is BreakerState.CLOSED
    breaker.fail()
    assert state(breaker) is BreakerState.OPEN


def test_it_lets_one_probe_through_after_the_cool_down() -> None:
    clock = Clock()
    breaker = CircuitBreaker(1, 30, clock)
    breaker.fail()
    clock.now += 29.9
    assert state(breaker) is BreakerState.OPEN
    clock.now += 0.1
    assert state(breaker) is BreakerState.HALF_OPEN


def test_a_failed_probe_opens_it_again_and_a_good_one_closes_it() -> None:
    clock = Clock()
    breaker = CircuitBreaker(2, 30, clock)
    breaker.trip()
    assert state(breaker) is BreakerState.OPEN
    clock.now += 30
    breaker.fail()
    assert state(breaker) is BreakerState.OPEN
    clock.now += 30
    breaker.succeed()
    assert state(breaker) is BreakerState.CLOSED


def test_a_speed_follows_what_is_measured_and_is_forgotten() -> None:
    clock = Clock()
    speed = Speed(clock)
    assert speed.seconds is None
    speed.measure(10)
    for _ in range(20):
        speed.measure(2)
    assert 2 < (speed.seconds or 0) < 2.1
    clock.now += FORGET_AFTER
    assert speed.seconds is None
    speed.measure(5)
    assert speed.seconds == 5
