"""A worker in this process, and a curator who is signed in."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext

from generation.queue.worker import work

GLANCE = 0.05
LOOK = 0.5


@contextmanager
def worker_at_work(engines: Sequence[str] = ("painter",), name: str = "workshop") -> Iterator[None]:
    """Makes what waits for these engines, as a Celery worker would, until the block ends."""
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            work(engines=engines, worker=name, seconds=LOOK)
            ended.wait(GLANCE)
        connections.close_all()

    thread = threading.Thread(target=run, name=name)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def sign_in(context: BrowserContext, address: str, user: Any) -> None:
    """The session cookie of the admin site, without the way through its form."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
