"""The face analyzer of Amazon Rekognition: photos are sent as bytes, each for a price, and kept nowhere.

No error of it holds the photo, and nothing is computed that Amazon did not say:
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_FaceDetail.html
What photos cost is counted in the database, since a limit of money must hold over processes, restarts and a flushed
cache.
"""

import io
import logging
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.db import Error, connection
from PIL import Image
from prometheus_client import Counter

from garden.errors import GardenError, MisconfiguredError
from garden.faces.base import (
    AnalyzerFailingError,
    AnalyzerUnavailableError,
    Attribute,
    FaceAnalyzer,
    FaceReading,
    NoFaceError,
    count_beside,
    reading_order,
)
from garden.faces.photo import Photo, PhotoTooLargeError, UnreadablePhotoError
from garden.faces.quality import Limits, Quality
from garden.vocabulary import Emotion, Gender

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_rekognition import RekognitionClient
    from types_boto3_rekognition.type_defs import FaceDetailTypeDef

    from garden.models.privacy import SentPhotosQuerySet

logger = logging.getLogger(__name__)
PHOTOS = Counter("garden_face_service_photos", "Photos sent to a face service, by its answer.", ["service", "outcome"])
DOLLARS = Counter("garden_face_service_dollars", "What they cost, by the price of the settings.", ["service"])
SERVICE = "rekognition"
LEAST_SIDE, MOST_SIDE = 80, 1920
"""Pixels: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html says how small a face may be in so large a
picture; in a larger one it must be larger, too."""
JPEG_QUALITY = 92
"""The worst picture of MOST_SIDE squared then has 4.4 MB; 5 MB (5,242,880 bytes) is what Amazon takes."""
DENIED = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SubscriptionRequiredException",
    "UnrecognizedClientException",
}
AMAZONS_NAMES = {
    "smile": "Smile",
    "eyeglasses": "Eyeglasses",
    "sunglasses": "Sunglasses",
    "beard": "Beard",
    "mustache": "Mustache",
    "eyes_open": "EyesOpen",
    "mouth_open": "MouthOpen",
}
_BOUNDS: dict[str, float] = {"attempts": 1, "frames": 1, "price": 0, "daily_budget": 0}
_NO_CREDENTIALS = "Amazon Rekognition: boto3 finds no credentials."


class AnalyzerDeniedError(AnalyzerFailingError):
    """The service does not let this site in: credentials, rights or region are not what they should be."""

    code = "analyzer_denied"


class BudgetSpentError(AnalyzerUnavailableError):
    """Today's photos cost what a day may cost."""

    code = "face_budget_spent"
    retry_after: ClassVar[int] = 3600

    def __init__(self) -> None:
        super().__init__("Today's budget for reading faces is spent; tomorrow there is another one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RekognitionAnalyzer(FaceAnalyzer):
    """DetectFaces with all attributes. Region, credentials and endpoint are boto3's own unless given; timeouts in
    seconds.

    botocore makes `attempts` in all, spaced as `retry_mode` says. `price` is US dollars for 1,000 photos; once a day's
    cost `daily_budget`, no further one is sent (0: no limit). Of several photos of one moment, `frames` are sent.
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
        for name, least in _BOUNDS.items():
            if getattr(self, name) < least:
                raise MisconfiguredError(f"FACE_ANALYZER: {name} must be at least {least}, not {getattr(self, name)}.")
        for name in ("connect_timeout", "read_timeout"):
            if getattr(self, name) <= 0:
                raise MisconfiguredError(f"FACE_ANALYZER: {name} must be above 0, not {getattr(self, name)}.")

    @property
    def advice(self) -> str:
        return (
            "Give region and credentials in a way that boto3 knows, with the right rekognition:DetectFaces; check the "
            "network: docs/how-to/read-faces-with-rekognition.md."
        )

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
    def most_photos(self) -> int | None:
        """A day; None where nothing limits them."""
        return int(self.daily_budget / self.price * 1000 + 1e-6) if self.daily_budget and self.price else None

    @property
    def longest(self) -> float:
        """Seconds that a moment may take: every try to its timeout, and botocore's longest pauses between them."""
        tries = self.attempts * (self.connect_timeout + self.read_timeout)
        return self.frames * (tries + 2.0 ** (self.attempts - 1) - 1)

    def analyze(self, photo: Photo) -> FaceReading:
        """Raises NoFaceError, UnreadablePhotoError, PhotoTooLargeError, BudgetSpentError, AnalyzerDeniedError or
        AnalyzerUnavailableError."""
        height, width, _ = photo.pixels.shape
        jpeg = as_jpeg(photo)
        with self._counted():
            faces = self._detect(jpeg)
        if not faces:
            raise NoFaceError
        boxes = [face["BoundingBox"] for face in faces]
        sides = [math.sqrt(max(0.0, box["Width"] * width * box["Height"] * height)) for box in boxes]
        across = [(box["Left"] + box["Width"] / 2 - 0.5) * width for box in boxes]
        down = [(box["Top"] + box["Height"] / 2 - 0.5) * height for box in boxes]
        chosen = reading_order(sides, list(map(math.hypot, across, down)), self.several)[0]
        return _reading(faces[chosen], len(faces), count_beside(sides, chosen), (width, height))

    def check(self) -> None:
        """Costs nothing: no photo is sent."""
        self._client()
        if self.most_photos is not None:
            with _sent_photos() as sent:
                if sent.today(SERVICE) >= self.most_photos:
                    raise BudgetSpentError

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """One photo on its way, counted before it is sent: a process killed meanwhile has counted one too many, never
        one too few. One that the service did not answer costs nothing, and is taken off again.

        Raises BudgetSpentError, or AnalyzerUnavailableError where the count cannot be kept.
        """
        with _sent_photos() as sent:
            if not sent.take(SERVICE, most=self.most_photos):
                raise BudgetSpentError
        try:
            yield
        except GardenError as error:
            PHOTOS.labels(SERVICE, error.code).inc()
            with suppress(AnalyzerUnavailableError), _sent_photos() as sent:
                sent.give_back(SERVICE)
            raise
        PHOTOS.labels(SERVICE, "answered").inc()
        DOLLARS.labels(SERVICE).inc(self.price / 1000)

    def _detect(self, jpeg: bytes) -> "Sequence[FaceDetailTypeDef]":
        client = self._client()
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        problem: GardenError
        try:
            return client.detect_faces(Image={"Bytes": jpeg}, Attributes=["ALL"])["FaceDetails"]
        except ClientError as error:
            problem = _meaning(error)
        except NoCredentialsError:
            problem = AnalyzerDeniedError(_NO_CREDENTIALS)
        except BotoCoreError as error:
            problem = AnalyzerFailingError(f"Amazon Rekognition cannot be reached ({type(error).__name__}).")
        except KeyError:
            problem = AnalyzerFailingError("Amazon Rekognition gave no answer to the question.")
        # Raised here, not above: what a chained error refers to holds the photo.
        raise problem

    def _client(self) -> "RekognitionClient":
        return _client(
            self.region, self.endpoint_url, self.connect_timeout, self.read_timeout, self.attempts, self.retry_mode
        )


@lru_cache(maxsize=8)
def _client(
    region: str, endpoint_url: str, connect_timeout: float, read_timeout: float, attempts: int, retry_mode: Any
) -> "RekognitionClient":
    """One for all threads: it takes half a second to make."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        detail = "Amazon Rekognition needs boto3: pip install -r requirements/aws.txt."
        raise AnalyzerUnavailableError(detail) from error
    config = Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        retries={"total_max_attempts": attempts, "mode": retry_mode},
        max_pool_connections=32,
    )
    session = boto3.Session(region_name=region or None)
    try:
        if session.get_credentials() is None:
            raise AnalyzerDeniedError(_NO_CREDENTIALS)
        return session.client("rekognition", endpoint_url=endpoint_url or None, config=config)
    except BotoCoreError as error:
        raise AnalyzerDeniedError(f"Amazon Rekognition: {error}") from error


@contextmanager
def _sent_photos() -> Iterator["SentPhotosQuerySet"]:
    """Photos are read in threads of their own, which must leave no connection to the database behind."""
    from garden.models import SentPhotos

    was_open = connection.connection is not None
    try:
        yield SentPhotos.objects.all()
    except Error as error:
        raise AnalyzerUnavailableError("What reading faces costs cannot be counted now.") from error
    finally:
        if not was_open:
            connection.close()


def as_jpeg(photo: Photo) -> bytes:
    """Upright pixels as a new JPEG: place and time, the device, the thumbnail in the photo stay here.

    Raises UnreadablePhotoError for a photo that Amazon would not look at.
    """
    height, width, _ = photo.pixels.shape
    if min(height, width) < LEAST_SIDE:
        detail = f"The photo has {width}×{height} pixels; it needs {LEAST_SIDE} each way."
        raise UnreadablePhotoError(detail, min_side=LEAST_SIDE)
    picture = Image.fromarray(photo.pixels)
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def _meaning(error: "ClientError") -> GardenError:
    """Amazon's words are for the log alone: they may name accounts."""
    code = error.response["Error"]["Code"]
    logger.error("Amazon Rekognition answered %s: %s", code, error.response["Error"]["Message"])
    if code == "InvalidImageFormatException":
        return UnreadablePhotoError("Amazon Rekognition cannot open the photo.")
    if code == "ImageTooLargeException":
        return PhotoTooLargeError("The photo is too large for Amazon Rekognition.")
    if code in DENIED or error.response["ResponseMetadata"]["HTTPStatusCode"] in (401, 403):
        return AnalyzerDeniedError(f"Amazon Rekognition does not let this site in ({code}).")
    return AnalyzerFailingError(f"Amazon Rekognition cannot answer now ({code}).")


def _reading(face: Mapping[str, Any], count: int, beside: int, size: tuple[int, int]) -> FaceReading:
    """Raises AnalyzerUnavailableError for a face of which Amazon left attributes out."""
    try:
        return FaceReading(
            scores=_scores(face["Emotions"]),
            age_low=face["AgeRange"]["Low"],
            age_high=face["AgeRange"]["High"],
            gender=Gender(face["Gender"]["Value"]),
            faces=count,
            confidence=face["Confidence"] / 100,
            quality=_quality(face, beside, size),
            **{ours: _attribute(face[theirs]) for ours, theirs in AMAZONS_NAMES.items()},
        )
    except (KeyError, ZeroDivisionError, ValueError):
        detail = "Amazon Rekognition left attributes of the face out."
    raise AnalyzerUnavailableError(detail)


def _scores(emotions: Sequence[Mapping[str, Any]]) -> dict[Emotion, float]:
    """Amazon's confidences are no shares of a whole: they are made ones. UNKNOWN is none of the eight words."""
    confidences = {each["Type"].lower(): each["Confidence"] for each in emotions}
    total = sum(confidences.get(emotion.value, 0.0) for emotion in Emotion)
    return {emotion: confidences.get(emotion.value, 0.0) / total for emotion in Emotion}


def _attribute(attribute: Mapping[str, Any]) -> Attribute:
    return Attribute(value=attribute["Value"], confidence=attribute["Confidence"] / 100)


def _quality(face: Mapping[str, Any], beside: int, size: tuple[int, int]) -> Quality:
    """Amazon does not say which way its angles count: only their size is to be relied on."""
    seen, pose, occluded = face.get("Quality", {}), face.get("Pose", {}), face.get("FaceOccluded")
    eyes = [mark for mark in face.get("Landmarks", ()) if mark["Type"] in ("eyeLeft", "eyeRight")]
    points = [(mark["X"] * size[0], mark["Y"] * size[1]) for mark in eyes]
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
