"""Faces read by Amazon Rekognition, each for a price."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from garden.breaker import BreakerState, CircuitBreaker, ClosedError, Gate
from garden.emotion.base import AnalyzerUnavailableError, FaceAnalyzer, FaceReading, NoFaceError
from garden.emotion.bill import Bill
from garden.emotion.photo import Photo
from garden.emotion.quality import Limits
from garden.emotion.rekognition.answer import reading_of
from garden.emotion.rekognition.client import FaceService, RetryMode
from garden.emotion.rekognition.picture import as_jpeg

if TYPE_CHECKING:
    from types_boto3_rekognition.type_defs import FaceDetailTypeDef

NAME = "rekognition"
LEFT_ALONE = "Amazon Rekognition failed a moment ago and is left alone for a while."
ADVICE = (
    "Give region and credentials in a way that boto3 knows, with the right rekognition:DetectFaces; check the network: "
    "docs/how-to/read-faces-with-rekognition.md."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RekognitionAnalyzer(FaceAnalyzer):
    """DetectFaces with all attributes. Region and credentials are boto3's own unless given; timeouts in seconds.

    botocore makes `attempts` in all, spaced as `retry_mode` (standard, adaptive) says. After `breaker_failures` photos
    in a row that got no answer, the service is left alone for `breaker_seconds`. `price` is US dollars for 1,000
    photos; once a day's cost `daily_budget`, no further one is sent (0: no bound). Of several photos of one moment,
    `frames` are sent.
    """

    region: str = ""
    endpoint_url: str = ""
    connect_timeout: float = 2.0
    read_timeout: float = 4.0
    attempts: int = 2
    retry_mode: RetryMode = "standard"
    breaker_failures: int = 3
    breaker_seconds: float = 30.0
    price: float = 1.0
    daily_budget: float = 0.0
    frames: int = 1
    _service: FaceService = field(init=False, repr=False, compare=False)
    _gate: Gate = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        service = FaceService(
            region=self.region,
            endpoint_url=self.endpoint_url,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            attempts=self.attempts,
            retry_mode=self.retry_mode,
        )
        object.__setattr__(self, "_service", service)
        object.__setattr__(self, "_gate", Gate(CircuitBreaker(self.breaker_failures, self.breaker_seconds)))

    @property
    def advice(self) -> str:
        return ADVICE

    @property
    def recipient(self) -> str:
        region = self.region or os.environ.get("AWS_DEFAULT_REGION", "")
        return f"Amazon Rekognition ({region})" if region else "Amazon Rekognition"

    @property
    def standards(self) -> Limits:
        """As Amazon recommends of pictures for comparing faces; it names no limits for reading them.

        https://docs.aws.amazon.com/rekognition/latest/dg/recommendations-facial-input-images.html
        """
        return Limits(most_yaw=45, most_pitch=45)

    @property
    def most_frames(self) -> int:
        return self.frames

    @property
    def bill(self) -> Bill:
        return Bill(service=NAME, price=self.price, daily_budget=self.daily_budget)

    @property
    def longest(self) -> float:
        """Seconds that a moment may take: every try to its timeout, and botocore's longest pauses between them."""
        tries = self.attempts * (self.connect_timeout + self.read_timeout)
        return self.frames * (tries + 2.0 ** (self.attempts - 1) - 1)

    def analyze(self, photo: Photo) -> FaceReading:
        height, width, _ = photo.pixels.shape
        faces = self._faces_in(as_jpeg(photo))
        if not faces:
            raise NoFaceError
        return reading_of(faces, self.several, width, height)

    def check(self) -> None:
        """Costs nothing: no photo is sent."""
        self._service.prepare()
        self.bill.refuse_spent()
        if self._gate.breaker.state is BreakerState.OPEN:
            raise AnalyzerUnavailableError(LEFT_ALONE)

    def _faces_in(self, jpeg: bytes) -> "Sequence[FaceDetailTypeDef]":
        with self.bill.photo():
            return self._ask(jpeg)

    def _ask(self, jpeg: bytes) -> "Sequence[FaceDetailTypeDef]":
        try:
            with self._gate.passing(AnalyzerUnavailableError):
                return self._service.faces_in(jpeg)
        except ClosedError:
            pass
        raise AnalyzerUnavailableError(LEFT_ALONE)
