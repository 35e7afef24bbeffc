"""Reading lists from a copy of the database: a PostgreSQL standby that follows the primary.

Only what asks for it reads from there, and only while the standby is there and close behind. Whoever has written
reads from the primary: in the same request always, in the next ones for as long as a standby may be behind.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.utils import InterfaceError, OperationalError

from garden.breaker import BreakerState, CircuitBreaker

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
PRIMARY, REPLICA = "default", "replica"
LOOK_EVERY = 1.0
"""Seconds between two looks at how far the standby is behind."""
_wanted: ContextVar[bool] = ContextVar("replica_wanted", default=False)
_pinned: ContextVar[bool] = ContextVar("replica_pinned", default=False)
wrote: ContextVar[bool] = ContextVar("replica_wrote", default=False)


class Standby:
    """How far behind the standby is, as this process knows it."""

    def __init__(self) -> None:
        self.breaker = CircuitBreaker(threshold=1, cool_down=5.0)
        self._lock = threading.Lock()
        self._marks: deque[tuple[float, int]] = deque(maxlen=120)
        self._looked_at = 0.0
        self._close = False

    def is_close(self) -> bool:
        """Whether it is there, and not further behind than the site allows."""
        with self._lock:
            if time.monotonic() - self._looked_at >= LOOK_EVERY:
                self._close = self.breaker.state is not BreakerState.OPEN and self._look()
                self._looked_at = time.monotonic()
            return self._close

    def fail(self) -> None:
        """It did not answer: nobody asks it for a while."""
        with self._lock:
            self._close, self._looked_at = False, time.monotonic()
        self.breaker.fail()

    def _look(self) -> bool:
        try:
            close = self._behind() <= settings.DATABASE_REPLICA_MAX_LAG_SECONDS
        except DatabaseError as error:
            logger.warning("The standby cannot be asked: %s", type(error).__name__)
            connections[REPLICA].close()
            self.breaker.fail()
            return False
        self.breaker.succeed()
        return close

    def _behind(self) -> float:
        """Seconds, at most: the age of the newest place of the primary's log that the standby has reached."""
        if connections[REPLICA].vendor != "postgresql":
            return 0.0
        now = time.monotonic()
        self._marks.append((now, _place(PRIMARY, "pg_current_wal_lsn()")))
        reached = _place(REPLICA, "pg_last_wal_replay_lsn()")
        return next((now - at for at, place in reversed(self._marks) if place <= reached), float("inf"))


def _place(alias: str, function: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT pg_wal_lsn_diff({function}, '0/0')")  # One of two names above.
        return int(cursor.fetchone()[0])


standby = Standby()


class ReplicaRouter:
    """Django's DATABASE_ROUTERS."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        if not _wanted.get() or wrote.get() or _pinned.get() or connections[PRIMARY].in_atomic_block:
            return None
        return REPLICA if standby.is_close() else None

    def db_for_write(self, model: Any, **hints: Any) -> str:
        wrote.set(True)
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


def has_replica() -> bool:
    return REPLICA in settings.DATABASES


def from_replica(read: Callable[..., Answer]) -> Callable[..., Answer]:
    """For functions that only read. Where the standby goes away in the middle, the primary is asked anew."""

    @wraps(read)
    def reading(*args: Any, **kwargs: Any) -> Answer:
        if not has_replica():
            return read(*args, **kwargs)
        token = _wanted.set(True)
        try:
            return read(*args, **kwargs)
        except (OperationalError, InterfaceError):
            standby.fail()
            return read(*args, **kwargs)
        finally:
            _wanted.reset(token)

    return reading


class ReadYourWrites:
    """Middleware: who has just written is answered from the primary until every standby surely has it."""

    COOKIE = "wrote"

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        if not has_replica():
            return self.get_response(request)
        pinned, written = _pinned.set(self.COOKIE in request.COOKIES), wrote.set(False)
        try:
            response = self.get_response(request)
            if wrote.get() and request.method not in ("GET", "HEAD", "OPTIONS"):
                seconds = settings.DATABASE_REPLICA_MAX_LAG_SECONDS + int(LOOK_EVERY) + 1
                secure = settings.SESSION_COOKIE_SECURE
                response.set_cookie(self.COOKIE, "1", max_age=seconds, httponly=True, samesite="Lax", secure=secure)
            return response
        finally:
            _pinned.reset(pinned)
            wrote.reset(written)
