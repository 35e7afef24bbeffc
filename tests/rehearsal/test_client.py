"""A device's connection: kept, opened anew when the server closed it, and measured either way."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.rehearsal.client import NO_ANSWER, Client, Measurements, RequestSample, percentile
from tools.services.ports import free_port


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


def test_it_opens_a_closed_connection_again_and_reads_headers_in_any_case(address: str) -> None:
    measured = Measurements()
    client = Client(address, "", measured)
    assert client.get("/").headers["etag"] == '"7"'
    assert [client.get("/").data for _ in range(2)] == [b"ok"] * 2
    assert [sample.problem for sample in measured.samples] == [""] * 3


def test_it_counts_a_server_that_does_not_answer() -> None:
    measured = Measurements()
    answer = Client(f"http://127.0.0.1:{free_port()}", "", measured).get("/")
    assert answer.status == 0
    assert [sample.problem for sample in measured.samples] == [NO_ANSWER]


def test_an_answer_that_was_not_expected_is_a_problem(address: str) -> None:
    measured = Measurements()
    Client(address, "", measured).get("/", expected=(304,))
    assert measured.samples[0].problem == "200"


def test_a_percentile_is_the_nearest_rank_and_of_nothing_it_is_zero() -> None:
    assert [percentile(range(1, 101), share) for share in (0.001, 0.5, 0.95, 1.0)] == [1, 50, 95, 100]
    assert percentile([], 0.95) == 0.0


def test_it_counts_problems_beside_the_times_of_a_route() -> None:
    measured = Measurements()
    for milliseconds, problem in ((10, ""), (20, ""), (30, "503")):
        measured.samples.append(RequestSample("POST /emotion", milliseconds / 1000, 100, problem))
    [row] = measured.rows(seconds=2)
    assert (row.requests, row.problems, row.bytes, row.per_second) == (3, {"503": 1}, 300, 1.5)
    assert (row.p50_ms, row.p95_ms, row.max_ms) == (20.0, 30.0, 30.0)
