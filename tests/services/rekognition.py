"""A local Amazon Rekognition over real sockets: DetectFaces alone. It refuses what botocore's model refuses, and its
own answers are held against the same model.

It really looks at the picture: with the garden's own networks, whose reading it tells in Amazon's words.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

from django.conf import settings

from garden.faces.base import Attribute, FaceReading, NoFaceError
from garden.faces.local import LocalAnalyzer
from garden.faces.rekognition import AMAZONS_NAMES
from tests.services.local_http import local_server
from tests.services.shapes import complaints, operation_of

Face = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    body: Any
    status: int = 200
    error: str = ""
    delay: float = 0.0


Trouble = Callable[[int], Answer | None]
"""What goes wrong with the first, second … call; None: nothing."""


@dataclass
class FakeRekognition:
    """`photos` are those it was sent, decoded from base64; `faces` what it sees instead of looking."""

    url: str
    trouble: Trouble = lambda number: None
    faces: list[Face] | None = None
    photos: list[bytes] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        self.trouble, self.faces = (lambda number: None), None
        self.photos.clear()

    def answer(self, path: str, target: str, body: bytes) -> Answer:
        _, operation = operation_of(("rekognition",), path, target)
        assert operation.name == "DetectFaces"
        asked = json.loads(body)
        wrong = list(complaints(operation.input_shape, asked))  # type: ignore[arg-type]
        photo = base64.b64decode(asked["Image"]["Bytes"])
        with self.lock:
            self.photos.append(photo)
            number = len(self.photos)
        if (answer := self.trouble(number)) is not None:
            time.sleep(answer.delay)
            if answer.error:
                known = {shape.name for shape in operation.error_shapes}
                assert answer.error in known | ANY_SERVICE, answer.error
            return answer
        if wrong:
            self.complaints += wrong
            return Answer({"__type": "InvalidParameterException", "message": "; ".join(wrong)}, 400)
        found = {"FaceDetails": look_at(photo) if self.faces is None else self.faces}
        self.complaints += complaints(operation.output_shape, found)  # type: ignore[arg-type]
        return Answer(found)


ANY_SERVICE = {"UnrecognizedClientException", "ExpiredTokenException", "ServiceUnavailableException"}
"""What any of Amazon's services may answer: the models do not list it."""


def failing(error: str, status: int = 400, *, times: int = 10**9, words: str = "says the service") -> Trouble:
    body = {"__type": error, "message": words}
    return lambda number: Answer(body, status, error) if number <= times else None


def look_at(jpeg: bytes) -> list[Face]:
    """The largest face as it is read, and others that are only there."""
    try:
        reading = _networks().read(jpeg)
    except NoFaceError:
        return []
    return [face_of(reading, side=0.1)] * (reading.faces - 1) + [face_of(reading, side=0.4)]


@cache
def _networks() -> LocalAnalyzer:
    return LocalAnalyzer(models=settings.BASE_DIR / "var" / "models" / "face")


def face_of(reading: FaceReading, *, side: float, **message: Any) -> Face:
    """A FaceDetail with everything that Attributes=ALL brings."""
    attributes = {theirs: _told(getattr(reading, ours)) for ours, theirs in AMAZONS_NAMES.items()}
    return {
        "BoundingBox": {"Width": side, "Height": side, "Left": 0.2, "Top": 0.2},
        "AgeRange": {"Low": reading.age_low, "High": reading.age_high},
        "Gender": {"Value": reading.gender.value, "Confidence": 98.5},
        "Emotions": [{"Type": name.upper(), "Confidence": 100 * score} for name, score in reading.scores.items()],
        "Landmarks": [{"Type": "eyeLeft", "X": 0.3, "Y": 0.4}, {"Type": "eyeRight", "X": 0.5, "Y": 0.4}],
        "Pose": {"Roll": -2.5, "Yaw": 12.0, "Pitch": 3.0},
        "Quality": {"Brightness": 70.0, "Sharpness": 90.0},
        "Confidence": 100 * reading.confidence,
        "FaceOccluded": {"Value": False, "Confidence": 99.0},
        "EyeDirection": {"Yaw": 1.0, "Pitch": 2.0, "Confidence": 90.0},
        **attributes,
        **message,
    }


def _told(attribute: Attribute) -> dict[str, Any]:
    return {"Value": attribute.value, "Confidence": 100 * attribute.confidence}


@contextmanager
def fake_rekognition() -> Iterator[FakeRekognition]:
    with local_server(_Handler) as server:
        server.fake = FakeRekognition(f"http://127.0.0.1:{server.server_port}")
        yield server.fake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers["X-Amz-Target"]
        self._send(self.server.fake.answer(self.path, target, body))  # type: ignore[attr-defined]

    def _send(self, answer: Answer) -> None:
        content = json.dumps(answer.body).encode()
        try:
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            """The client gave up: that is what some tests are about."""

    def log_message(self, *args: Any) -> None:
        """Tests print nothing."""
