"""A proxy before an S3 server that does what networks and busy servers do."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SLOW = 0.05


class Misbehaviour:
    """Every `every`-th request meets the `trouble`: 500, 503, slow, cut (the answer breaks off) or truncate.

    A truncated upload loses its last byte on the way, and is answered as if nothing had happened.
    """

    def __init__(self, trouble: str, every: int) -> None:
        self.trouble, self._every = trouble, every
        self._count = 0
        self._lock = threading.Lock()
        self.met = 0

    def strikes(self, method: str) -> bool:
        if self.trouble == "truncate" and method != "PUT":
            return False
        with self._lock:
            self._count += 1
            struck = self._count % self._every == 0
            self.met += struck
        return struck


@contextmanager
def misbehaving_proxy(endpoint: str, behaviour: Misbehaviour) -> Iterator[str]:
    upstream = urlsplit(endpoint).netloc
    handler = type("Handler", (_Handler,), {"upstream": upstream, "behaviour": behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: str
    behaviour: Misbehaviour

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Expect"):
            self.headers.replace_header("Expect", "")
        trouble = self.behaviour.trouble if self.behaviour.strikes(self.command) else ""
        if trouble in ("500", "503"):
            self._answer(int(trouble), _error("InternalError" if trouble == "500" else "SlowDown"), {})
            return
        if trouble == "slow":
            time.sleep(SLOW)
        status, headers, content = self._forward(body[:-1] if trouble == "truncate" else body)
        self._answer(status, content, headers, cut=trouble == "cut")

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _handle

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if value and not _is_of_the_hop(name)}
        if self.behaviour.trouble == "truncate":  # A checksum would be refused by a server that checks it.
            headers = {name: value for name, value in headers.items() if "checksum" not in name.lower()}
        connection = http.client.HTTPConnection(self.upstream, timeout=30)
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), content

    def _answer(self, status: int, content: bytes, headers: dict[str, str], *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if not _is_of_the_hop(name):
                self.send_header(name, value)
        length = headers.get("Content-Length", headers.get("content-length"))
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = cut

    def log_message(self, *_: Any) -> None:
        return


def _is_of_the_hop(name: str) -> bool:
    return name.lower() in ("connection", "transfer-encoding", "content-length", "expect", "keep-alive")


def _error(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>busy</Message></Error>".encode()
