"""A local server that speaks the images API over real sockets, as vLLM-Omni publishes it."""

import base64
import email
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
from PIL import Image

from tests.services.local_http import local_server


@dataclass(frozen=True)
class Call:
    path: str
    fields: dict[str, Any]
    files: dict[str, bytes]
    authorization: str


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = None
    retry_after: str = ""


Behaviour = Callable[[Call, int], Answer]
"""What it answers to a call, and to which one (from 1)."""


def working(call: Call, count: int) -> Answer:
    """Noise of the prompt and seed; an edit returns its picture with the white of the mask repainted."""
    width, height = map(int, call.fields["size"].split("x"))
    seed = sum(call.fields["prompt"].encode()) + int(call.fields.get("seed", 0))
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    if call.files:
        mask = np.asarray(Image.open(io.BytesIO(call.files["mask_image"])).convert("L"))[..., None]
        pixels = np.where(mask > 127, pixels, np.asarray(Image.open(io.BytesIO(call.files["image"])).convert("RGB")))
    stream = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stream, "PNG")
    return Answer(body={"created": 1, "data": [{"b64_json": base64.b64encode(stream.getvalue()).decode()}]})


def busy(times: int, status: int = 429, retry_after: str = "0") -> Behaviour:
    """Is busy for the first `times` calls."""
    answer = Answer(status, {"error": {"message": "too many requests"}}, retry_after)
    return lambda call, count: answer if count <= times else working(call, count)


def answering(status: int, body: Any) -> Behaviour:
    return lambda call, count: Answer(status, body)


@dataclass
class FakeImageServer:
    address: str
    behaviour: Behaviour = working
    calls: list[Call] = field(default_factory=list)


@contextmanager
def fake_image_server() -> Iterator[FakeImageServer]:
    with local_server(_Handler) as server:
        server.fake = FakeImageServer(f"http://127.0.0.1:{server.server_port}/v1")
        yield server.fake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        fake: FakeImageServer = self.server.fake  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields, files = _parts(self.headers["Content-Type"], body)
        call = Call(self.path, fields, files, self.headers.get("Authorization", ""))
        fake.calls.append(call)
        answer = fake.behaviour(call, len(fake.calls))
        content = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        if answer.retry_after:
            self.send_header("Retry-After", answer.retry_after)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        """Tests need no access log."""


def _parts(content_type: str, body: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    if content_type == "application/json":
        return json.loads(body), {}
    message = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            if part.get_filename():
                files[name] = content
            else:
                fields[name] = content.decode()
    return fields, files
