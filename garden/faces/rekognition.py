"""The face analyzer of Amazon Rekognition: photos are sent as bytes, each for a price, and kept nowhere.

Its errors do not hold the photo. The fields are those of
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_FaceDetail.html
Photos are counted in the database, since a budget must hold over processes, restarts and a flushed cache.
"""

import io
import logging
import math
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.apps import apps
from django.db import Error
from django.utils import timezone
from PIL import Image
from prometheus_client import Counter

from garden.aws import shared_client
from garden.errors import GardenError, MisconfiguredError
from garden.faces.base import (
    ATTRIBUTES,
    AnalyzerFailingError,
    AnalyzerUnavailableError,
    Attribute,
    FaceAnalyzer,
    FaceReading,
    NoFaceError,
)
from garden.faces.photo import Photo, PhotoTooLargeError, UnreadablePhotoError
from garden.faces.quality import Limits, Quality
from garden.faces.selection import Several, count_beside, reading_order
from garden.vocabulary import Emotion, Gender

if TYPE_CHECKING:
    from types_boto3_rekognition import RekognitionClient

logger = logging.getLogger(__name__)
PHOTOS = Counter("garden_face_service_photos", "Photos sent to a face service, by its answer.", ["service", "outcome"])
DOLLARS = Counter("garden_face_service_dollars", "What they cost, by the price of the settings.", ["service"])
SERVICE = "rekognition"
PHOTOS_SENT = f"photos {SERVICE}"
"""Their `DailyCount`."""
LEAST_SIDE, MOST_SIDE = 80, 1920
"""Pixels: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html"""
JPEG_QUALITY = 92
"""At most 4.4 MB for MOST_SIDE squared; Amazon accepts 5 MB."""
REFUSED = {"InvalidImageFormatException": UnreadablePhotoError, "ImageTooLargeException": PhotoTooLargeError}
DENIED = ("AccessDenied", "ExpiredToken", "Signature", "AuthenticationToken", "Subscription", "UnrecognizedClient")
"""Parts of Amazon's error codes."""
AMAZONS_NAMES = {name: name.title().replace("_", "") for name in ATTRIBUTES}
_OF_CLIENT = ("region", "endpoint_url", "connect_timeout", "read_timeout", "attempts", "retry_mode")
_LEAST = {"attempts": 1, "frames": 1, "price": 0, "daily_budget": 0, "connect_timeout": 0.1, "read_timeout": 0.1}


class AnalyzerDeniedError(AnalyzerFailingError):
    """Credentials, permissions or region are wrong."""

    code = "analyzer_denied"


class BudgetSpentError(AnalyzerUnavailableError):
    """Today's budget is spent."""

    code = "face_budget_spent"
    retry_after: ClassVar[int] = 3600

    def __init__(self) -> None:
        super().__init__("Today's budget for reading faces is spent. It renews at midnight.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RekognitionAnalyzer(FaceAnalyzer):
    """DetectFaces with all attributes. Region, credentials and endpoint are boto3's own unless given.

    Timeouts are in seconds. botocore makes `attempts` in all, spaced by `retry_mode`. `price` is US dollars for 1,000
    photos; `daily_budget` US dollars a day (0: no limit). Of several photos of one moment, `frames` are sent.
    """

    region: str = ""
    endpoint_url: str = ""
    connect_timeout: float = 2.0
    read_timeout: float = 4.0
    attempts: int = 2
    retry_mode: Literal["standard", "adaptive"] = "standard"
    price: float = 1.0
    daily_budget: float = 0.0
    frames: int = 1

    def __post_init__(self) -> None:
        """Raises MisconfiguredError."""
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise MisconfiguredError(f"FACE_ANALYZER: {name} must be at least {least}, not {getattr(self, name)}.")

    @property
    def advice(self) -> str:
        return (
            "Give boto3 a region and credentials that allow rekognition:DetectFaces, and check the network: "
            "docs/how-to/where-faces-are-read.md."
        )

    @property
    def recipient(self) -> str:
        region = self.region or os.environ.get("AWS_DEFAULT_REGION", "")
        return f"Amazon Rekognition ({region})" if region else "Amazon Rekognition"

    @property
    def standards(self) -> Limits:
        """https://docs.aws.amazon.com/rekognition/latest/dg/recommendations-facial-input-images.html"""
        return Limits(most_yaw=45, most_pitch=45)

    @property
    def most_frames(self) -> int:
        return self.frames

    @property
    def most_photos(self) -> int | None:
        """A day; None without a limit."""
        return int(self.daily_budget / self.price * 1000 + 1e-6) if self.daily_budget and self.price else None

    @property
    def longest(self) -> float:
        """Seconds that a moment may take: all attempts time out, with botocore's longest pauses between them."""
        attempts = self.attempts * (self.connect_timeout + self.read_timeout)
        return self.frames * (attempts + 2.0 ** (self.attempts - 1) - 1)

    def analyze(self, photo: Photo) -> FaceReading:
        """The photo is counted before it is sent, so that a killed process cannot count one too few; one without an
        answer costs nothing and is subtracted again.

        Raises NoFaceError, UnreadablePhotoError, PhotoTooLargeError, BudgetSpentError, AnalyzerDeniedError or
        AnalyzerUnavailableError.
        """
        jpeg, today, counts = as_jpeg(photo), timezone.localdate(), apps.get_model("garden.DailyCount").objects
        try:
            is_within_budget = counts.add(PHOTOS_SENT, today, most=self.most_photos)
        except Error as error:
            raise AnalyzerUnavailableError("The cost of reading faces cannot be counted now.") from error
        if not is_within_budget:
            raise BudgetSpentError
        try:
            faces = self._detect(jpeg)
        except GardenError as error:
            PHOTOS.labels(SERVICE, error.code).inc()
            with suppress(Error):
                counts.subtract(PHOTOS_SENT, today)
            raise
        PHOTOS.labels(SERVICE, "answered").inc()
        DOLLARS.labels(SERVICE).inc(self.price / 1000)
        return _read_face(faces, photo, self.several)

    def check(self) -> None:
        """Sends no photo."""
        self._client()
        counts = apps.get_model("garden.DailyCount").objects
        if self.most_photos is not None and counts.total(PHOTOS_SENT, timezone.localdate()) >= self.most_photos:
            raise BudgetSpentError

    def _detect(self, jpeg: bytes) -> Sequence[Mapping[str, Any]]:
        client = self._client()
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return client.detect_faces(Image={"Bytes": jpeg}, Attributes=["ALL"])["FaceDetails"]
        except ClientError as error:
            problem = _problem(error.response)
        except (BotoCoreError, KeyError) as error:
            problem = AnalyzerFailingError(f"Amazon Rekognition gave no answer ({type(error).__name__}).")
        raise problem  # Outside the handlers: a chained error would hold the photo.

    def _client(self) -> "RekognitionClient":
        try:
            options = {name: getattr(self, name) for name in _OF_CLIENT}
            client: RekognitionClient = shared_client(SERVICE, connections=32, **options)
        except MisconfiguredError as error:
            raise AnalyzerDeniedError(f"Amazon Rekognition: {error.detail}") from error
        return client


def as_jpeg(photo: Photo) -> bytes:
    """The pixels alone, without metadata. Raises UnreadablePhotoError for a photo too small for Amazon."""
    picture = Image.fromarray(photo.pixels)
    if min(picture.size) < LEAST_SIDE:
        detail = f"The photo has {picture.width}×{picture.height} pixels; it needs {LEAST_SIDE} each way."
        raise UnreadablePhotoError(detail, min_side=LEAST_SIDE)
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def _problem(response: Any) -> GardenError:
    """Amazon's message is only logged: it may name accounts."""
    code = response["Error"]["Code"]
    logger.error("Amazon Rekognition answered %s: %s", code, response["Error"]["Message"])
    if code in REFUSED:
        return REFUSED[code](f"Amazon Rekognition cannot read the photo ({code}).")
    if any(part in code for part in DENIED) or response["ResponseMetadata"]["HTTPStatusCode"] in (401, 403):
        return AnalyzerDeniedError(f"Amazon Rekognition denies access ({code}).")
    return AnalyzerFailingError(f"Amazon Rekognition is unavailable ({code}).")


def _read_face(faces: Sequence[Mapping[str, Any]], photo: Photo, several: Several) -> FaceReading:
    """Raises NoFaceError, or AnalyzerUnavailableError for a face without all attributes."""
    if not faces:
        raise NoFaceError
    height, width, _ = photo.pixels.shape
    boxes = [face["BoundingBox"] for face in faces]
    sides = [math.sqrt(max(0.0, box["Width"] * width * box["Height"] * height)) for box in boxes]
    across = [(box["Left"] + box["Width"] / 2 - 0.5) * width for box in boxes]
    down = [(box["Top"] + box["Height"] / 2 - 0.5) * height for box in boxes]
    chosen = reading_order(sides, list(map(math.hypot, across, down)), several)[0]
    face = faces[chosen]
    try:
        return FaceReading(
            scores=_scores(face["Emotions"]),
            age_low=face["AgeRange"]["Low"],
            age_high=face["AgeRange"]["High"],
            gender=Gender(face["Gender"]["Value"]),
            faces=len(faces),
            confidence=face["Confidence"] / 100,
            quality=_quality(face, count_beside(sides, chosen), width, height),
            **{ours: _attribute(face[theirs]) for ours, theirs in AMAZONS_NAMES.items()},
        )
    except (KeyError, ZeroDivisionError, ValueError):
        detail = "Amazon Rekognition left attributes of the face out."
    raise AnalyzerUnavailableError(detail)


def _scores(emotions: Sequence[Mapping[str, Any]]) -> dict[Emotion, float]:
    """Amazon's confidences, scaled to a sum of 1, without UNKNOWN."""
    confidences = {each["Type"].lower(): each["Confidence"] for each in emotions}
    total = sum(confidences.get(emotion.value, 0.0) for emotion in Emotion)
    return {emotion: confidences.get(emotion.value, 0.0) / total for emotion in Emotion}


def _attribute(attribute: Mapping[str, Any]) -> Attribute:
    return Attribute(value=attribute["Value"], confidence=attribute["Confidence"] / 100)


def _quality(face: Mapping[str, Any], beside: int, width: int, height: int) -> Quality:
    """Amazon does not document the sign of its angles: rely on their size only."""
    seen, pose, occluded = face.get("Quality", {}), face.get("Pose", {}), face.get("FaceOccluded")
    eyes = [mark for mark in face.get("Landmarks", ()) if mark["Type"] in ("eyeLeft", "eyeRight")]
    points = [(mark["X"] * width, mark["Y"] * height) for mark in eyes]
    covered = _attribute(occluded) if occluded else None
    return Quality(
        sharpness=seen["Sharpness"] / 100 if "Sharpness" in seen else None,
        brightness=seen["Brightness"] / 100 if "Brightness" in seen else None,
        eye_distance=math.dist(*points) if len(points) == 2 else None,
        yaw=pose.get("Yaw"),
        pitch=pose.get("Pitch"),
        roll=pose.get("Roll"),
        covered=None if covered is None else covered.confidence if covered.value else 1 - covered.confidence,
        beside=beside,
    )
