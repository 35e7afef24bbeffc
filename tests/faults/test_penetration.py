"""What a stranger tries at the door of a running server; the list is that of docs/SECURITY.md."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.faults.server import Server, running_server

STAFF = [
    "/admin/",
    "/admin/garden/auditentry/",
    "/admin/curation/review/",
    "/admin/second-factor/",
    "/admin/curation/make/",
]
ROUTES = ["/curation/images", "/curation/acts", "/jobs", "/gpu-hosts"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Server]:
    closed = {"KIOSK_ACCESS": "keys", "STAFF_SECOND_FACTOR": "required", "ALLOWED_HOSTS": "127.0.0.1"}
    with running_server(tmp_path_factory.mktemp("server"), migrated_sqlite, **closed) as server:
        yield server


def interact(server: Server, words: bytes, seconds: float = 60) -> bytes:
    """Words of our own instead of a client's; what comes back until the server is silent."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(words)
        return connection.recv(65_536)


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_body_too_large_is_refused_before_it_is_sent(server: Server) -> None:
    answer = interact(server, request("POST", "/emotion", "Content-Length: 10000000000", "Content-Type: image/jpeg"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b'"max_bytes":20000000' in answer


@pytest.mark.parametrize("length", ["-1", "1e9", "99999999999999999999999", "abc", "٣"])
def test_a_length_that_is_none_harms_nobody(server: Server, length: str) -> None:
    answer = interact(server, request("POST", "/gardenfromDB", f"Content-Length: {length}"))
    assert not answer or answer[9:10] == b"4"
    assert requests.get(f"{server.url}/healthz", timeout=60).ok


def test_a_request_within_a_request_is_not_answered(server: Server) -> None:
    """Smuggling: both ways to say a length at once."""
    inner = b"0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    both = request("POST", "/gardenfromDB", f"Content-Length: {len(inner)}", "Transfer-Encoding: chunked", body=inner)
    assert interact(server, both).count(b"HTTP/1.1 ") <= 1


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "127.0.0.1@elsewhere.example"])
def test_another_host_is_not_ours(server: Server, host: str) -> None:
    assert requests.get(f"{server.url}/admin/login/", headers={"Host": host}, timeout=60).status_code == 400


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE", "PUT"])
def test_methods_that_nobody_offers_do_nothing(server: Server, method: str) -> None:
    assert requests.request(method, f"{server.url}/gardenfromDB", timeout=60).status_code in (401, 403, 405)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/static/../../garden/settings/base.py",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/media/..%2f..%2fgarden.sqlite3",
        "/wall/-/x/..%2f..%2fsettings.py",
        "/.env",
        "/.git/config",
        "/static/\\..\\..\\manage.py",
    ],
)
def test_no_path_leads_out_of_the_garden(server: Server, path: str) -> None:
    assert interact(server, request("GET", path))[9:12] in (b"404", b"400")


@pytest.mark.parametrize("path", STAFF)
def test_pages_of_staff_redirect_anonymous_users_to_the_sign_in_page(server: Server, path: str) -> None:
    answer = requests.get(server.url + path, timeout=60, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].startswith("/admin/login/")) == (302, True)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Token " + "0" * 40}, {"Cookie": "sessionid=" + "a" * 32}])
def test_routes_of_staff_are_closed(server: Server, path: str, headers: dict[str, str]) -> None:
    assert requests.get(server.url + path, headers=headers, timeout=60).status_code in (401, 403, 405)


def test_a_form_of_another_site_changes_nothing(server: Server) -> None:
    for path in ("/admin/login/", "/kiosk/pair/", "/i18n/setlang/"):
        headers = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}
        assert (
            requests.post(server.url + path, data={"username": "admin"}, headers=headers, timeout=60).status_code == 403
        )


def test_other_sites_read_no_answer(server: Server) -> None:
    answer = requests.get(f"{server.url}/kiosk/", headers={"Origin": "https://elsewhere.example"}, timeout=60)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_it_says_neither_what_it_runs_nor_where_it_broke(server: Server) -> None:
    answer = requests.get(f"{server.url}/nowhere/<script>alert(1)</script>", timeout=60)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert not {"X-Powered-By"} & {*answer.headers}
    assert "Traceback" not in answer.text


def test_nothing_that_was_tried_broke_it(server: Server) -> None:
    log = (server.log / "server.log").read_text(encoding="utf-8")
    assert "Internal Server Error" not in log
    assert '"status":500' not in log
    assert requests.get(f"{server.url}/healthz", timeout=60).ok
