"""The web server's way in. WSGI, not ASGI: Django's ASGI handler spools request bodies to disk."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created
from django.urls import get_resolver

from garden.limits import limit_requests
from garden.parent_death import die_with_parent

IDLE_IN_TRANSACTION_SECONDS = 60
"""A process that was frozen in a transaction holds its locks no longer."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
if "SUPERVISED" in os.environ:  # A killed server leaves no process that holds its port.
    die_with_parent(signal.SIGKILL)

if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
    from garden.ops.processes import start_tracing

    start_tracing(requests=True)

application = limit_requests(get_wsgi_application())


def limit_statements(*, connection: Any, **signal: Any) -> None:
    """A statement, with its wait for a lock, ends with an error after DATABASE_STATEMENT_SECONDS.

    Commands and workers take the time they need.
    """
    if settings.DATABASE_STATEMENT_SECONDS and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false),"
                " set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{settings.DATABASE_STATEMENT_SECONDS}s", f"{IDLE_IN_TRANSACTION_SECONDS}s"],
            )


def prepare() -> None:
    from garden.ops.health import refuse_uncollected, warm_up
    from garden.signals import server_started

    refuse_uncollected()
    connection_created.connect(limit_statements, dispatch_uid="statement deadline")
    _ = get_resolver().url_patterns  # The first visitor would wait for all the pages.
    server_started.send_robust(sender=None)
    warm_up.begin()


prepare()
