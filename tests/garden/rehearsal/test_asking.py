"""A device's connection: kept, opened anew when the server closed it, and measured either way."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from garden.rehearsal.asking import Asker
from garden.rehearsal.measuring import NO_ANSWER, Measurements
from tests.services.ports import free_port


class Handler(BaseHTTPRequestHandler):
    """Answers once on each connection, then closes it without a word; header names in lower case, as granian's."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("etag", '"7"')
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """In silence."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_reads_headers_whatever_their_case(address: str) -> None:
    assert Asker(address, "", Measurements()).get("page", "/").headers["etag"] == '"7"'


def test_it_opens_a_closed_connection_again_without_an_error(address: str) -> None:
    measured = Measurements()
    asker = Asker(address, "", measured)
    assert [asker.get("page", "/").body for _ in range(3)] == [b"ok"] * 3
    assert [sample.problem for sample in measured.samples] == [""] * 3


def test_it_counts_a_server_that_does_not_answer() -> None:
    measured = Measurements()
    answer = Asker(f"http://127.0.0.1:{free_port()}", "", measured).get("page", "/")
    assert answer.status == 0
    assert [sample.problem for sample in measured.samples] == [NO_ANSWER]


def test_an_answer_that_was_not_expected_is_a_problem(address: str) -> None:
    measured = Measurements()
    Asker(address, "", measured).get("page", "/", fine=(304,))
    assert measured.samples[0].problem == "200"
