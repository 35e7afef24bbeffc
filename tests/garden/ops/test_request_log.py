"""One line a request, with an id that goes wherever its work goes, and nothing about who asked."""

import logging
import re

import pytest
import structlog
from celery import current_app
from django.test import Client
from rest_framework.test import APIClient

from garden.tasks import make_thumbnail_of
from tests.garden.ops.lines import lines_of, written
from tests.support import pictures
from tests.support.factories import ImageFactory
from tests.support.kiosk import show_photo

VISITOR = "anna-of-room-seven"
ADDRESS = "203.0.113.77"


@pytest.mark.django_db
def test_it_writes_one_line_with_route_status_and_time(client: Client) -> None:
    with written() as page:
        client.get("/s/no-such-code")
    (line,) = [line for line in lines_of(page) if line["logger"] == "garden.requests"]
    assert (line["route"], line["method"], line["status"]) == ("s/<slug:code>", "GET", 404)
    assert line["milliseconds"] > 0
    assert line["level"] == "info"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", line["timestamp"])


@pytest.mark.django_db
def test_it_answers_with_an_id_that_is_in_the_log_the_proxys_if_that_is_plain(client: Client) -> None:
    with written() as page:
        answer = client.get("/kiosk/")
    assert answer["X-Request-ID"] in {line.get("request_id") for line in lines_of(page)}
    plain = {"X-Request-ID": "edge-4711.abc_DEF"}
    assert client.get("/kiosk/", headers=plain)["X-Request-ID"] == plain["X-Request-ID"]
    for odd in ("short", "x" * 65, "two words here", 'quote"quote"', "line\u2028line"):
        assert re.fullmatch("[0-9a-f]{32}", client.get("/kiosk/", headers={"X-Request-ID": odd})["X-Request-ID"])


@pytest.mark.django_db
def test_every_line_of_a_request_carries_its_id_and_the_next_one_does_not(client: Client) -> None:
    with written() as page:
        client.get("/kiosk/", headers={"X-Request-ID": "first-request"})
        logging.getLogger("garden.something").warning("between requests")
    *_, last = lines_of(page)
    assert "request_id" not in last
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_the_id_travels_with_the_task() -> None:
    structlog.contextvars.bind_contextvars(request_id="edge-4711")
    try:
        with current_app.connection_for_write() as connection:
            make_thumbnail_of.apply_async([ImageFactory.create().pk], queue="seen", connection=connection)
            message = connection.default_channel.basic_get("seen", no_ack=True)
    finally:
        structlog.contextvars.clear_contextvars()
    assert message.headers["__django_structlog__"]["request_id"] == "edge-4711"


@pytest.mark.django_db
def test_a_visit_leaves_nothing_of_the_visitor_in_the_log(api: APIClient) -> None:
    """Not who, not from where, not what was seen, and nothing of the photo, at the most talkative level."""
    photo = pictures.portrait()
    with written(level="DEBUG") as page:
        answer = show_photo(api, photo, **{"X-user-id": VISITOR, "X-Forwarded-For": ADDRESS})
        assert answer.json()["id"] == VISITOR
        assert answer.status_code == 200
        api.post("/gardenfromDB", {"emotion": "happy"}, headers={"X-Forwarded-For": ADDRESS})
    text = page.getvalue()
    assert '"route":"emotion"' in text
    for personal in (VISITOR, ADDRESS, "127.0.0.1", answer.json()["gender"], repr(photo[:20])[2:-1], photo[:20].hex()):
        assert personal not in text


@pytest.mark.parametrize(("expired", "written"), [(True, False), (False, True)])
def test_a_periodic_task_that_expired_is_no_warning_and_a_revoked_one_is(
    caplog: pytest.LogCaptureFixture, expired: bool, written: bool
) -> None:
    structlog.getLogger("django_structlog.celery.receivers").warning("task_revoked", expired=expired)
    assert ("task_revoked" in caplog.text) is written
