"""Messages that others write may name people; before they are written they do not."""

import logging

import pytest
from django.db import IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from garden.models import Visitor
from garden.ops.logging import redact
from tests.garden.ops.lines import lines_of, written

ANNA = "7d0bcb2e-4f3c-4a6e-9f43-6a4fd3c0aa01"
BOB = "7d0bcb2e-4f3c-4a6e-9f43-6a4fd3c0aa02"


def test_an_id_becomes_a_mark_that_distinguishes_two() -> None:
    assert ANNA not in redact(f"Visitor {ANNA} failed")
    assert redact(ANNA) == redact(ANNA.upper()) != redact(BOB)


def test_rows_that_a_database_quotes_are_hidden() -> None:
    message = 'duplicate key value violates unique constraint "x"\nDETAIL:  Key (id)=(anna) already exists.\nHINT: none'
    assert redact(message) == 'duplicate key value violates unique constraint "x"\nDETAIL: (hidden)\nHINT: none'


def test_what_is_too_long_to_be_a_message_is_cut() -> None:
    assert len(redact("x" * 1_000_000)) < 21_000


@pytest.mark.django_db(transaction=True)
def test_an_exception_of_the_database_names_no_visitor() -> None:
    with written() as page:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            Visitor.objects.bulk_create([Visitor(id=ANNA), Visitor(id=ANNA)])
        except IntegrityError:
            logging.getLogger("garden").exception("It failed for %s.", ANNA)
    (line,) = [line for line in lines_of(page) if "failed" in line["event"]]
    assert "IntegrityError" in line["exception"]
    assert ANNA not in page.getvalue()


def _break(request: HttpRequest, who: str) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [path("of/<str:who>/", _break)]


@pytest.mark.urls("tests.garden.ops.test_redaction")
def test_a_broken_page_is_logged_by_its_route_and_not_by_what_was_asked() -> None:
    with written() as page:
        Client(raise_request_exception=False).get("/of/anna/?mood=sad")
    failed = [line for line in lines_of(page) if line["logger"] == "django.request"]
    assert [line["event"] for line in failed] == ["Internal Server Error"]
    assert failed[0]["route"] == "of/<str:who>/"
    assert "RuntimeError: broken" in failed[0]["exception"]
    assert "anna" not in page.getvalue().replace(__file__, "")


def test_lines_for_people_hide_as_much() -> None:
    with written(form="pretty") as page:
        logging.getLogger("garden").warning("Visitor %s failed", ANNA)
    assert "failed" in page.getvalue()
    assert ANNA not in page.getvalue()


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_clients_that_write_what_they_send_are_kept_from_it(level: str) -> None:
    with written(level=level) as page:
        for name in ("botocore.endpoint", "urllib3.connectionpool"):
            logging.getLogger(name).debug("sending the photo")
    assert page.getvalue() == ""
