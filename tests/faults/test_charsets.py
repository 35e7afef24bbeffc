"""Django fails on these before any of its middleware runs, so the whole way in is tested."""

import io
from collections.abc import Iterable
from wsgiref.util import setup_testing_defaults

import pytest

from garden.limits import limit_requests

REFUSED = "415 Unsupported Media Type"


def status_of(content_type: str) -> str:
    """What an application that reads everything answers to a request of this type."""
    environ = {"CONTENT_TYPE": content_type, "wsgi.input": io.BytesIO()}
    setup_testing_defaults(environ)
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
        statuses.append(status)
        return None

    def reads_everything(environ: object, start_response: object) -> Iterable[bytes]:
        statuses.append("200 OK")
        return []

    list(limit_requests(reads_everything)(environ, start_response))  # type: ignore[arg-type]
    return statuses[0]


@pytest.mark.parametrize("charset", ["zlib", "hex", "rot13", "idna", "undefined", "unicode_escape", "utf-16"])
def test_it_refuses_codecs_that_are_no_charset_of_ours(charset: str) -> None:
    assert status_of(f"application/json; charset={charset}") == REFUSED
    assert status_of(f'Text/Plain;Charset="{charset}"') == REFUSED


@pytest.mark.parametrize("charset", ["UTF-8", "utf8", "us-ascii", "iso-8859-1", "nobody-knows-it", "", "\0"])
def test_it_lets_every_usual_charset_pass(charset: str) -> None:
    assert status_of(f"application/json; charset={charset}") == "200 OK"


@pytest.mark.parametrize("content_type", ["", "image/jpeg", "multipart/form-data; boundary=x", ";;;=", "charset=zlib"])
def test_it_lets_requests_without_a_charset_pass(content_type: str) -> None:
    assert status_of(content_type) == "200 OK"
