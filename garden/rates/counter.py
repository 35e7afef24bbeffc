"""The counter that the settings name, and what happens while it cannot be reached."""

import logging
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.crypto import salted_hmac

from garden.backends import build_backend
from garden.breaker import BreakerState, CircuitBreaker
from garden.rates.base import CounterUnavailableError, RateCounter, Tally
from garden.rates.memory import MemoryCounter

logger = logging.getLogger(__name__)
_alone = MemoryCounter()
_breaker = CircuitBreaker(threshold=3, cool_down=10.0)


def hit(name: str, seconds: float) -> Tally:
    """Count `name` once. Where nobody can count together, this process counts alone: it still slows who asks a lot."""
    hidden = _hidden(name)
    if _breaker.state is not BreakerState.OPEN:
        try:
            tally = get_counter().hit(hidden, seconds)
        except CounterUnavailableError as error:
            _breaker.fail()
            logger.warning("%s Each process counts alone meanwhile.", error)
        else:
            _breaker.succeed()
            return tally
    return _alone.hit(hidden, seconds)


def clear(name: str) -> int:
    """Forget one name; returns its count, here and where processes count together."""
    hidden = _hidden(name)
    alone = _alone.clear(hidden)
    try:
        return max(alone, get_counter().clear(hidden))
    except CounterUnavailableError as error:
        logger.warning("%s What was counted there goes on.", error)
        return alone


def forget() -> None:
    """Begin anew with every name."""
    _alone.forget()
    _breaker.succeed()
    get_counter().forget()


@lru_cache(maxsize=1)
def get_counter() -> RateCounter:
    return build_backend("RATE_COUNTER", settings.RATE_COUNTER, RateCounter)


def _hidden(name: str) -> str:
    """Names hold addresses of people: kept nowhere in plain text."""
    return salted_hmac("garden.rates", name).hexdigest()


@receiver(setting_changed)
def forget_counter(*, setting: str, **kwargs: Any) -> None:
    if setting == "RATE_COUNTER":
        get_counter.cache_clear()
