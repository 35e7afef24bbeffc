"""The HTTP client of one device, and the measured times of its requests."""

import io
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import urllib3

TIMEOUT_SECONDS = 30
NO_ANSWER = "no answer"
Answer = urllib3.BaseHTTPResponse


@dataclass(frozen=True, slots=True)
class RequestSample:
    """One request, from its first byte to the last of the answer; `problem` is empty when all is well."""

    route: str
    seconds: float
    size: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The samples of one route: milliseconds, requests a second, bytes, and problems by their count."""

    route: str
    requests: int
    problems: dict[str, int]
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    per_second: float
    bytes: int


@dataclass(slots=True)
class Measurements:
    """Filled by many threads: appending to a list is atomic."""

    samples: list[RequestSample] = field(default_factory=list)

    def rows(self, seconds: float) -> list[Row]:
        """By route, over so many seconds."""
        by_route: dict[str, list[RequestSample]] = defaultdict(list)
        for sample in list(self.samples):
            by_route[sample.route].append(sample)
        return [_row(route, by_route[route], seconds) for route in sorted(by_route)]


class Client:
    """One kept connection, as a browser holds it. Not safe to share between threads."""

    def __init__(self, address: str, key: str, measurements: Measurements) -> None:
        self._pool = urllib3.connection_from_url(address, maxsize=1, timeout=TIMEOUT_SECONDS, retries=False)
        self._prefix = urlsplit(address).path.rstrip("/")
        self._headers = {"x-api-key": key} if key else {}
        self._measurements = measurements

    def get(
        self,
        path: str,
        *,
        route: str = "",
        headers: Mapping[str, str] | None = None,
        expected: Collection[int] = (200,),
    ) -> Answer:
        """The answer, with status 0 where none came; `route` is its name in the figures, otherwise the path."""
        return self._measured("GET", path, route or path, None, headers or {}, expected)

    def post(
        self,
        path: str,
        content: object,
        *,
        headers: Mapping[str, str] | None = None,
        expected: Collection[int] = (200,),
    ) -> Answer:
        """As `get`. Bytes are sent as they are, anything else as JSON."""
        return self._measured("POST", path, path, content, headers or {}, expected)

    def close(self) -> None:
        self._pool.close()

    def _measured(
        self, method: str, path: str, route: str, content: object, headers: Mapping[str, str], expected: Collection[int]
    ) -> Answer:
        begun = perf_counter()
        answer = self._request(method, path, content, headers)
        seconds = perf_counter() - begun
        problem = "" if answer.status in expected else str(answer.status or NO_ANSWER)
        self._measurements.samples.append(RequestSample(f"{method} {route}", seconds, len(answer.data), problem))
        return answer

    def _request(self, method: str, path: str, content: object, headers: Mapping[str, str]) -> Answer:
        body: dict[str, Any] = {"body": content} if isinstance(content, bytes | None) else {"json": content}
        for _ in range(2):
            try:
                return self._pool.request(method, f"{self._prefix}{path}", headers={**self._headers, **headers}, **body)
            except urllib3.exceptions.ProtocolError:
                continue  # The server closed the kept connection: open it again, as browsers do.
            except urllib3.exceptions.HTTPError:
                break
        return urllib3.HTTPResponse(body=io.BytesIO(), status=0)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank among sorted values; 0 of none."""
    if not values:
        return 0.0
    return values[max(0, math.ceil(share * len(values)) - 1)]


def _row(route: str, samples: list[RequestSample], seconds: float) -> Row:
    took = sorted(sample.seconds * 1000 for sample in samples)
    p50, p95, p99 = (round(percentile(took, share), 1) for share in (0.5, 0.95, 0.99))
    return Row(
        route=route,
        requests=len(samples),
        problems=dict(sorted(Counter(sample.problem for sample in samples if sample.problem).items())),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        max_ms=round(took[-1], 1),
        per_second=round(len(samples) / max(seconds, 0.001), 2),
        bytes=sum(sample.size for sample in samples),
    )
