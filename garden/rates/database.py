"""Counts of all machines, in the garden's database."""

import random
import time
from dataclasses import dataclass

from django.db import Error, connection

from garden.rates.base import CounterUnavailableError, RateCounter, Tally
from garden.rates.upsert import TABLE, clearing, counting, values

_COUNT = counting("%s")
_SWEEP_ONE_IN = 1_000


@dataclass(frozen=True)
class DatabaseCounter(RateCounter):
    """Where several machines serve and there is no Redis; a write for each request."""

    def hit(self, name: str, seconds: float) -> Tally:
        now = time.time()
        try:
            with connection.cursor() as cursor:
                cursor.execute(_COUNT, values(name, now, seconds))
                count, ends_at = cursor.fetchone()
                if random.randrange(_SWEEP_ONE_IN) == 0:
                    cursor.execute(f"DELETE FROM {TABLE} WHERE ends_at <= %s", [now])  # noqa: S608  # TABLE is a constant.
        except Error as error:
            raise CounterUnavailableError("The database does not count.") from error
        return Tally(count, max(0.0, ends_at - now))

    def clear(self, name: str) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute(clearing("%s"), [name])
                row = cursor.fetchone()
        except Error as error:
            raise CounterUnavailableError("The database does not count.") from error
        return int(row[0]) if row else 0

    def forget(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608  # TABLE is a constant.
