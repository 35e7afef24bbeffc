"""Ringing for background work: a lost bell costs time, never work; a broker that is away costs visitors nothing."""

from typing import Any

from garden.breaker import CircuitBreaker, ClosedError, Gate

ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
"""A connection of before the broker's restart is found broken at the first try."""
CONFIRM_SECONDS = 3.0
"""A RabbitMQ that is short of disk or memory takes messages and confirms none."""
gate = Gate(CircuitBreaker(threshold=2, cool_down=3.0))


def ring(task: Any, *arguments: Any, queue: str = "", times: int = 1) -> bool:
    """Ask workers to do a task with these arguments. False when the broker is away: a sweep must make up for it."""
    from kombu.exceptions import OperationalError

    route = {"queue": queue} if queue else {}
    try:
        with gate.passing(OperationalError):
            for _ in range(times):
                task.apply_async(
                    list(arguments),
                    ignore_result=True,
                    retry_policy=ONCE_MORE,
                    confirm_timeout=CONFIRM_SECONDS,
                    **route,
                )
    except (OperationalError, ClosedError):
        return False
    return True
