"""A receiver of webhooks over a real socket; it answers what a test wants it to."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any


class Receiver:
    def __init__(self) -> None:
        self.status = 200
        self.letters: list[tuple[dict[str, Any], dict[str, str], bytes]] = []

    @property
    def raised(self) -> list[str]:
        return [event["id"] for letter, _, _ in self.letters for event in letter["raised"]]

    @property
    def cleared(self) -> list[str]:
        return [event["id"] for letter, _, _ in self.letters for event in letter["cleared"]]


class ReceiverHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver: Receiver = self.server.fake  # type: ignore[attr-defined]
        if receiver.status < 300:
            receiver.letters.append((json.loads(body), dict(self.headers), body))
        self.send_response(receiver.status)
        if receiver.status == 302:
            self.send_header("Location", self.path)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass
