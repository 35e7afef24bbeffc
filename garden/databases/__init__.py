"""Django's own database backends, with a gate before the server: one that is away is not waited for by every thread."""

from django.db.utils import InterfaceError, OperationalError

from garden.breaker import CircuitBreaker, Gate

gate = Gate(CircuitBreaker(threshold=3, cool_down=2.0))
"""Opens after three connections in a row that could not be made; two seconds later one thread tries again."""
_IDLE_IN_TRANSACTION = "25P03"
"""A thread that got no processor for long: PostgreSQL ends its transaction, for psycopg an error of the program."""


def is_away(error: BaseException | None) -> bool:
    """Whether the same request may succeed later: no connection, no answer in time, no room, a lock that stays."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) == _IDLE_IN_TRANSACTION
