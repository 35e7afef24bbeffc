"""The web server's way in. WSGI, not ASGI: Django's ASGI handler spools request bodies to disk."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from garden.charsets import refuse_odd_charsets
from garden.limits import refuse_large_bodies
from garden.seeing.traces import trace_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")

trace_requests()

application = refuse_large_bodies(refuse_odd_charsets(get_wsgi_application()))


def prepare() -> None:
    from garden.databases.deadlines import limit_statements
    from garden.seeing.static_files import refuse_uncollected
    from garden.signals import server_started
    from garden.warming import warm_up

    refuse_uncollected()
    limit_statements()
    _ = get_resolver().url_patterns  # The first visitor would wait for all the pages.
    server_started.send_robust(sender=None)
    warm_up.begin()


prepare()
