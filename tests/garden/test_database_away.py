"""A database that cannot answer is a 503 that says when to come again, wherever the request got to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg.errors
import pytest
from django.db import InternalError, OperationalError, ProgrammingError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from rest_framework.test import APIClient

from garden.settings.connections import database

pytestmark = pytest.mark.django_db
AWAY = OperationalError("connection refused")
SAID = {"id": "ann", "emotion": "calm", "itemId": None, "impression": ["emotions/calm/img_1_0h.jpeg"]}


def ended_while_idle() -> Exception:
    error = InternalError("terminating connection due to idle-in-transaction timeout")
    error.__cause__ = psycopg.errors.IdleInTransactionSessionTimeout()
    return error


@contextmanager
def failing_with(error: Exception) -> Iterator[None]:
    def fail(execute: Callable[..., Any], *arguments: Any) -> Any:
        raise error

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def is_asked_to_come_again(answer: Any) -> bool:
    return bool(answer.status_code == 503 and int(answer["Retry-After"]) > 0)


@pytest.mark.parametrize("error", [AWAY, ended_while_idle()], ids=["away", "ended"])
@pytest.mark.parametrize("route", ["/garden", "/gardenfromDB", "/like"])
def test_a_kiosk_is_answered_in_json(api: APIClient, route: str, error: Exception) -> None:
    with failing_with(error):
        answer = api.post(route, SAID, format="json")
    assert is_asked_to_come_again(answer)
    assert answer.json()["code"] == "database_unavailable"


def test_a_browser_gets_a_page_that_looks_again_by_itself(browser: Client) -> None:
    with failing_with(AWAY):
        answer = browser.get("/s/nobody", headers={"Accept": "text/html"})
    assert is_asked_to_come_again(answer)
    assert "garden/js/back.js" in answer.text
    assert answer["Cache-Control"] == "no-store"


def test_a_program_that_requests_a_page_is_answered_in_json(browser: Client) -> None:
    with failing_with(AWAY):
        answer = browser.get("/s/nobody", headers={"Accept": "*/*"})
    assert is_asked_to_come_again(answer)
    assert answer.json()["code"] == "database_unavailable"


def test_a_mistake_of_ours_stays_one(browser: Client, api: APIClient) -> None:
    with failing_with(ProgrammingError("no such column")):
        assert browser.get("/s/nobody").status_code == 500
        assert api.post("/like", SAID, format="json").status_code == 500


def test_a_server_that_does_not_answer_is_given_up_in_time() -> None:
    """As on a network that swallows packets."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        entry = database(f"postgres://garden@127.0.0.1:{silent.getsockname()[1]}/garden")
        assert 0 < entry["OPTIONS"]["connect_timeout"] <= 5
        entry["OPTIONS"]["connect_timeout"] = 1
        usual = {"TIME_ZONE": None, "CONN_HEALTH_CHECKS": True, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False}
        with pytest.raises(OperationalError, match="timeout"):
            DatabaseWrapper({**usual, **entry}, "silent").ensure_connection()
