"""The web server's way in. WSGI, not ASGI: Django's ASGI handler spools request bodies to disk."""

import os
import signal

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from garden.limits import limit_requests
from garden.ops.processes import start_tracing
from garden.tether import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
if "SUPERVISED" in os.environ:  # A killed server leaves no process that holds its port.
    die_with_parent(signal.SIGKILL)

start_tracing(requests=True)

application = limit_requests(get_wsgi_application())


def prepare() -> None:
    from garden.databases import limit_statements
    from garden.ops.health import refuse_uncollected
    from garden.signals import server_started
    from garden.warming import warm_up

    refuse_uncollected()
    limit_statements()
    _ = get_resolver().url_patterns  # The first visitor would wait for all the pages.
    server_started.send_robust(sender=None)
    warm_up.begin()


prepare()
