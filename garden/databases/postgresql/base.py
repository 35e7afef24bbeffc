"""Django's PostgreSQL backend behind the gate. Django finds it by this module's name."""

from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from garden.breaker import ClosedError
from garden.databases import gate


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises OperationalError at once while the server is known to be away."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            with gate.passing(self.Database.OperationalError):
                return super().get_new_connection(conn_params)
        except ClosedError as error:
            raise OperationalError("The server could not be reached a moment ago; it is left alone.") from error
