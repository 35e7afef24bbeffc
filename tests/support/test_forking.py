"""A forked child of a test never shares a database connection with its parent."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests.support.forking import fork


def child_is_connected() -> bool:
    child = fork()
    if not child:
        os._exit(connections["default"].connection is not None)
    return bool(os.waitpid(child, 0)[1])


def child_of_a_thread_whose_loop_started_after_it_connected_is_connected() -> bool:
    """In a thread of its own: in the main thread, Playwright's loop may already be running, and must go on."""
    connection.ensure_connection()
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    try:
        return child_is_connected()
    finally:
        asyncio._set_running_loop(None)
        loop.close()
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_it_opens_connections_of_its_own() -> None:
    connection.ensure_connection()
    assert not child_is_connected()


@pytest.mark.django_db(transaction=True)
def test_it_does_not_find_those_from_before_an_event_loop() -> None:
    with ThreadPoolExecutor(1) as thread:
        assert not thread.submit(child_of_a_thread_whose_loop_started_after_it_connected_is_connected).result()
