"""A local Personalize over real sockets. It refuses what botocore's model refuses, and learns from clicks."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.services.local_http import local_server
from tests.services.shapes import complaints, operation_of

SERVICES = ("personalize", "personalize-events", "personalize-runtime")


@dataclass(frozen=True)
class Answer:
    body: Any = field(default_factory=dict)
    status: int = 200
    error: str = ""
    delay: float = 0.0


@dataclass(frozen=True)
class Call:
    operation: str
    body: dict[str, Any]


Trouble = Callable[[Call], Answer | None]
"""What goes wrong with a call; None: nothing."""


@dataclass
class FakePersonalize:
    """Recommends what was clicked most first, then the items it knows; `also` are ids it makes up."""

    url: str
    trouble: Trouble = lambda call: None
    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [call.body for call in self.calls if call.operation == operation]

    def answer(self, path: str, target: str, body: bytes) -> Answer:
        _, operation = operation_of(SERVICES, path, target)
        call = Call(operation.name, json.loads(body))
        assert operation.input_shape is not None
        with self.lock:
            self.calls.append(call)
            wrong = list(complaints(operation.input_shape, call.body))
            self.complaints += wrong
        if (answer := self.trouble(call)) is not None:
            time.sleep(answer.delay)
            return answer
        if wrong:
            return Answer({"message": "; ".join(wrong)}, 400, "InvalidInputException")
        with self.lock:
            return Answer(getattr(self, f"_{operation.name}")(call.body))

    def _PutEvents(self, body: dict[str, Any]) -> dict[str, Any]:
        for event in body["eventList"]:
            self.events.setdefault(event["eventId"], {**event, "userId": body["userId"]})
        return {}

    def _PutUsers(self, body: dict[str, Any]) -> dict[str, Any]:
        self.users |= {user["userId"]: json.loads(user["properties"]) for user in body["users"]}
        return {}

    def _PutItems(self, body: dict[str, Any]) -> dict[str, Any]:
        self.items |= {item["itemId"]: json.loads(item["properties"]) for item in body["items"]}
        return {}

    def _GetRecommendations(self, body: dict[str, Any]) -> dict[str, Any]:
        clicks = Counter(event.get("itemId", "") for event in self.events.values() if event["eventType"] == "click")
        ids = [item for item, _ in clicks.most_common()] + sorted(set(self.items) - set(clicks)) + self.also
        found = [{"itemId": item, "score": 1 / (1 + place)} for place, item in enumerate(ids)]
        return {"itemList": found[: body["numResults"]], "recommendationId": "RID-" + uuid.uuid4().hex[:30]}

    def _CreateDatasetImportJob(self, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "datasetImportJobArn": f"arn:aws:personalize:eu-west-1:123456789012:dataset-import-job/{body['jobName']}"
        }

    def _DescribeDatasetImportJob(self, body: dict[str, Any]) -> dict[str, Any]:
        status = self.jobs.pop(0) if self.jobs else "ACTIVE"
        reason = {"failureReason": "no rows"} if status == "CREATE FAILED" else {}
        return {"datasetImportJob": {"datasetImportJobArn": body["datasetImportJobArn"], "status": status, **reason}}


def failing(status: int, error: str, *, times: int = 10**9, operation: str = "") -> Trouble:
    """The first `times` calls fail (of one operation, or of all)."""
    left = [times]

    def trouble(call: Call) -> Answer | None:
        if (operation and call.operation != operation) or left[0] <= 0:
            return None
        left[0] -= 1
        return Answer({"message": f"{error} says the service"}, status, error)

    return trouble


def slow(seconds: float) -> Trouble:
    return lambda call: Answer(delay=seconds)


@contextmanager
def fake_personalize() -> Iterator[FakePersonalize]:
    with local_server(_Handler) as server:
        server.fake = FakePersonalize(f"http://127.0.0.1:{server.server_port}")
        yield server.fake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target", "")
        self._send(self.server.fake.answer(self.path, target, body))  # type: ignore[attr-defined]

    def _send(self, answer: Answer) -> None:
        content = json.dumps(answer.body).encode()
        try:
            self.send_response(answer.status)
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            """The client gave up: that is what some tests are about."""

    def log_message(self, *args: Any) -> None:
        """Tests print nothing."""
