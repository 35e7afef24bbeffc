"""Counts of all machines, in Redis."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.exceptions import RedisError

from garden.rates.base import CounterUnavailableError, RateCounter, Tally

if TYPE_CHECKING:
    from redis.client import Pipeline

PREFIX = "garden:rate:"


@dataclass(frozen=True)
class RedisCounter(RateCounter):
    """One round trip. The window's end is set with its first hit, in the same step: no counter lives for ever."""

    url: str
    _redis: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def hit(self, name: str, seconds: float) -> Tally:
        key = PREFIX + name
        window = max(1, int(seconds * 1000))
        try:
            with self._pipeline() as steps:
                steps.set(key, 0, px=window, nx=True)
                steps.incr(key)
                steps.pttl(key)
                _, count, left = steps.execute()
        except RedisError as error:
            raise CounterUnavailableError("Redis does not count.") from error
        return Tally(int(count), max(0, int(left)) / 1000)

    def clear(self, name: str) -> int:
        try:
            with self._pipeline() as steps:
                steps.get(PREFIX + name)
                steps.delete(PREFIX + name)
                count, _ = steps.execute()
        except RedisError as error:
            raise CounterUnavailableError("Redis does not count.") from error
        return int(count or 0)

    def forget(self) -> None:
        client = self._client()
        for key in client.scan_iter(f"{PREFIX}*"):
            client.delete(key)

    def _pipeline(self) -> "Pipeline":
        return self._client().pipeline(transaction=True)

    def _client(self) -> "Redis":
        if "it" not in self._redis:
            self._redis["it"] = Redis.from_url(self.url, socket_timeout=0.5, socket_connect_timeout=0.5)
        client: Redis = self._redis["it"]
        return client
