"""The threads of a worker that report to the database outlive every way in which their connection ends."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from environ import Env
from pytest_django.plugin import DjangoDbBlocker

from generation.models import Slot, Worker
from generation.queue.heartbeat import Heartbeat
from generation.queue.leases import claim
from generation.queue.worker_status import StatusThread
from tests.generation.jobs import ask_for
from tools.services.ports import wait_until

Break = Callable[[BaseDatabaseWrapper, Any], None]


def close_cursor(connection: BaseDatabaseWrapper, cursor: Any) -> None:
    """psycopg then raises InterfaceError."""
    cursor.cursor.close()


def close_connection(connection: BaseDatabaseWrapper, cursor: Any) -> None:
    connection.connection.close()


def end_session(connection: BaseDatabaseWrapper, cursor: Any) -> None:
    """As a server that restarts does; psycopg raises OperationalError."""
    parameters = connection.get_connection_params()
    place = {name: parameters[name] for name in ("host", "port", "user", "dbname")}
    with psycopg.connect(autocommit=True, **place) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


@pytest.fixture
def on_postgresql(
    postgresql_database: str, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[None]:
    """This thread, and those it starts, use the PostgreSQL database as `default`."""
    settings.GENERATION_HEARTBEAT_SECONDS = 0.05
    usual = connections["default"]
    described = {**connections.settings["default"], "OPTIONS": {}, **Env.db_url_config(postgresql_database)}
    monkeypatch.setitem(connections.settings, "default", described)
    del connections["default"]
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
    connections["default"] = usual


@pytest.fixture(params=[close_cursor, close_connection, end_session])
def broken(request: pytest.FixtureRequest) -> Iterator[threading.Event]:
    """The first statement of the next thread that opens a connection finds it broken; the event says so."""
    happened = threading.Event()
    break_it: Break = request.param
    test = threading.current_thread()

    def break_once(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not happened.is_set():
            happened.set()
            break_it(context["connection"], context["cursor"])
        return execute(sql, params, many, context)

    def watch(connection: BaseDatabaseWrapper, **signal: Any) -> None:
        if threading.current_thread() is not test:
            connection.execute_wrappers.append(break_once)

    connection_created.connect(watch)
    yield happened
    connection_created.disconnect(watch)


def test_it_goes_on_renewing_its_lease(on_postgresql: None, broken: threading.Event) -> None:
    ask_for(1)
    lease = claim(worker="test", engines=["painter"])
    assert lease is not None
    with Heartbeat(lease) as beat:
        wait_until(broken.is_set)
        beat.on_step(0.5)
        wait_until(lambda: Slot.objects.filter(progress=0.5).exists() or not _beats())
    assert Slot.objects.filter(progress=0.5).exists()


def _beats() -> bool:
    return any(thread.name == "heartbeat" for thread in threading.enumerate())


def test_it_goes_on_reporting_an_idle_worker(on_postgresql: None, broken: threading.Event) -> None:
    keeper = StatusThread("test", ["painter"])

    def beat_twice() -> None:
        for _ in range(2):
            keeper.beat()
            connections["default"].close()

    thread = threading.Thread(target=beat_twice)
    thread.start()
    thread.join()
    assert broken.is_set()
    assert Worker.objects.filter(name="test").exists()
