"""The web server's way in. WSGI, not ASGI: Django's ASGI handler spools request bodies to disk."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from garden.charsets import refuse_odd_charsets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")

application = refuse_odd_charsets(get_wsgi_application())


def warm_up() -> None:
    from garden.signals import server_started

    _ = get_resolver().url_patterns  # The first visitor would wait for all the pages.
    server_started.send_robust(sender=None)


warm_up()
