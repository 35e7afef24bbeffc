"""One device's way to the server: a connection that stays open, every answer measured."""

import http.client
import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from garden.rehearsal.measuring import NO_ANSWER, Measurements, Sample

TIMEOUT_SECONDS = 30
Headers = Mapping[str, str]
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 where the server did not answer; the names of headers are in lower case."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


class Asker:
    def __init__(self, address: str, key: str, measurements: Measurements) -> None:
        self._at = urlsplit(address)
        self._headers = {"x-api-key": key} if key else {}
        self._measurements = measurements
        self._connection: http.client.HTTPConnection | None = None

    def get(self, route: str, path: str, *, headers: Headers | None = None, fine: Collection[int] = (200,)) -> Answer:
        """`route` is how the figures call it."""
        return self._ask(route, "GET", path, None, headers or {}, fine)

    def post(
        self, path: str, content: object, *, headers: Headers | None = None, fine: Collection[int] = (200,)
    ) -> Answer:
        """Bytes as they are, anything else as JSON."""
        if isinstance(content, bytes):
            return self._ask(path, "POST", path, content, headers or {}, fine)
        return self._ask(path, "POST", path, json.dumps(content).encode(), {**JSON, **(headers or {})}, fine)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _ask(
        self, route: str, method: str, path: str, body: bytes | None, headers: Headers, fine: Collection[int]
    ) -> Answer:
        begun = time.perf_counter()
        answer = self._answer(method, path, body, {**self._headers, **headers})
        problem = "" if answer.status in fine else str(answer.status or NO_ANSWER)
        seconds = time.perf_counter() - begun
        self._measurements.note(Sample(f"{method} {route}", seconds, len(answer.body), problem))
        return answer

    def _answer(self, method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
        """As browsers do: a kept connection that turns out to be closed is opened anew, once."""
        kept = self._connection is not None
        try:
            return self._once(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if kept and isinstance(error, ConnectionError):
                return self._answer(method, path, body, headers)
        return _NOTHING

    def _once(self, method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
        if self._connection is None:
            self._connection = _open(self._at)
        self._connection.request(method, f"{self._at.path.rstrip('/')}{path}", body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        return Answer(response.status, content, _headers_of(response))


def _headers_of(response: http.client.HTTPResponse) -> dict[str, str]:
    """Servers write their names as they like."""
    return {name.lower(): value for name, value in response.headers.items()}


_NOTHING = Answer(0, b"", {})


def _open(at: SplitResult) -> http.client.HTTPConnection:
    make = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    return make(at.netloc, timeout=TIMEOUT_SECONDS)
