"""A local server that speaks SageMaker's InvokeEndpoint over real sockets, endpoint by endpoint as a test wants."""

import base64
import io
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
from PIL import Image

from tests.services.local_http import local_server


@dataclass(frozen=True)
class Answer:
    body: Any
    status: int = 200
    error: str = ""
    delay: float = 0.0
    cut_short: bool = False


@dataclass(frozen=True)
class Call:
    endpoint: str
    body: dict[str, Any]
    accept: str
    content_type: str


Behaviour = Callable[[Call, int], Answer]
"""What an endpoint answers to a call, and to which one of its calls (from 1)."""


@dataclass
class FakeSageMaker:
    url: str
    endpoints: dict[str, Behaviour] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    busiest: Counter[str] = field(default_factory=Counter)
    most_together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, call: Call) -> Answer:
        with self.lock:
            self.calls.append(call)
            self.counts[call.endpoint] += 1
            self.busy[call.endpoint] += 1
            self.busiest[call.endpoint] = max(self.busiest[call.endpoint], self.busy[call.endpoint])
            self.most_together = max(self.most_together, self.busy.total())
            count = self.counts[call.endpoint]
        try:
            answer = self.endpoints.get(call.endpoint, missing)(call, count)
            time.sleep(answer.delay)
            return answer
        finally:
            with self.lock:
                self.busy[call.endpoint] -= 1


def picture(call: Call) -> Image.Image:
    """Stripes whose colour tells the prompt."""
    width, height = call.body["width"], call.body["height"]
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, ::2] = 40 + sum(call.body["prompt"].encode()) % 200
    return Image.fromarray(pixels)


def base64_jpeg(call: Call) -> dict[str, Any]:
    stream = io.BytesIO()
    picture(call).save(stream, "JPEG", quality=95)
    return {"generated_images": [base64.b64encode(stream.getvalue()).decode()], "prompt": call.body["prompt"]}


def working(delay: float = 0.0) -> Behaviour:
    return lambda call, count: Answer(base64_jpeg(call), delay=delay)


def failing(status: int, error: str, times: int = 10**9, **body: Any) -> Behaviour:
    """Fails the first `times` calls, then works."""
    failure = Answer({"Message": f"{error} says the service", **body}, status, error)
    return lambda call, count: failure if count <= times else Answer(base64_jpeg(call))


def missing(call: Call, count: int) -> Answer:
    return Answer({"Message": f"Endpoint {call.endpoint} of account 1 not found."}, 400, "ValidationError")


@contextmanager
def fake_sagemaker() -> Iterator[FakeSageMaker]:
    with local_server(_Handler) as server:
        server.fake = FakeSageMaker(f"http://127.0.0.1:{server.server_port}")
        yield server.fake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        _, _, endpoint, _ = self.path.split("/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call = Call(endpoint, body, self.headers["Accept"], self.headers["Content-Type"])
        self._send(self.server.fake.answer(call))  # type: ignore[attr-defined]

    def _send(self, answer: Answer) -> None:
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        try:
            self.send_response(answer.status)
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.send_header("Content-Length", str(len(content) + answer.cut_short))
            self.close_connection = answer.cut_short
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            """The client gave up: that is what some tests are about."""

    def log_message(self, *args: Any) -> None:
        """Tests print nothing."""
