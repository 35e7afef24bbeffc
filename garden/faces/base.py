"""The role of a face analyzer: a photo in, a `FaceReading` out; the photo is not kept."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from garden.errors import GardenError, UnavailableError
from garden.faces.photo import Photo, PhotoLimits, decode_photo
from garden.faces.quality import Limits, Quality
from garden.faces.selection import Several
from garden.vocabulary import Emotion, Gender, Generation


class NoFaceError(GardenError):
    """The photo is valid and shows no face."""

    code = "no_face"
    status = 404

    def __init__(self) -> None:
        super().__init__("No Face")


class AnalyzerUnavailableError(UnavailableError):
    """The analyzer cannot answer now (model missing, service down, crash)."""

    code = "analyzer_unavailable"


class NetworkMissingError(AnalyzerUnavailableError):
    """A network of the analyzer was not converted yet: `run_garden` does it beside the server."""

    retry_after = 20


class AnalyzerFailingError(AnalyzerUnavailableError):
    """The service of the analyzer fails; after some of these in a row it is not called for a while."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A yes/no property of a face and how sure the analyzer is of it (0.5 … 1).

    `value` is None, and the confidence 0, where the analyzer does not judge it.
    """

    value: bool | None
    confidence: float


NOT_JUDGED = Attribute(value=None, confidence=0.0)


ATTRIBUTES = ("smile", "eyeglasses", "sunglasses", "beard", "mustache", "eyes_open", "mouth_open")


@dataclass(frozen=True, slots=True)
class FaceReading:
    """What was read from one face of a photo, the largest unless settings say otherwise.

    `scores` holds all eight emotions and sums to 1; ages are whole years; `confidence` is the
    detector's (0 … 1); `faces` counts every face found; `quality` is None where the analyzer measures none.
    """

    scores: Mapping[Emotion, float]
    age_low: int
    age_high: int
    gender: Gender
    smile: Attribute
    eyeglasses: Attribute
    sunglasses: Attribute
    beard: Attribute
    mustache: Attribute
    eyes_open: Attribute
    mouth_open: Attribute
    faces: int
    confidence: float
    quality: Quality | None = None

    @property
    def emotion(self) -> Emotion:
        return max(self.scores, key=lambda emotion: self.scores[emotion])

    @property
    def generation(self) -> Generation:
        return Generation.of_age_range(self.age_low, self.age_high)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceAnalyzer(ABC):
    """Reads faces. Subclasses declare their options as keyword-only dataclass fields."""

    limits: PhotoLimits = field(default_factory=PhotoLimits)
    several: Several = Several.LARGEST
    liveness: bool = False

    tells_live: ClassVar[bool] = False
    """Whether `liveness` makes this analyzer measure if a person is there and no picture of one."""

    def read(self, data: bytes) -> FaceReading:
        """Decode within bounds, then analyze one face.

        Raises NoFaceError, UnreadablePhotoError, PhotoTooLargeError or AnalyzerUnavailableError.
        """
        return self.analyze(decode_photo(data, self.limits))

    @abstractmethod
    def analyze(self, photo: Photo) -> FaceReading:
        """Read the face that `several` says of an upright RGB photo."""

    @property
    def standards(self) -> Limits:
        """What this analyzer's own measures of quality should keep to; none where it measures none."""
        return Limits()

    @property
    def most_frames(self) -> int | None:
        """How many photos of one moment are worth their time and price; None: all that come."""
        return None

    @property
    def recipient(self) -> str:
        """Who outside this house gets the photo, as notices name it; empty where it stays on this machine.

        Of an analyzer that does not say, its class is named: a notice must not promise more than is known.
        """
        return type(self).__name__

    @property
    def advice(self) -> str:
        """What an operator should see to where a reading cannot be made."""
        return "Check FACE_ANALYZER."

    def check(self) -> None:
        """Raise AnalyzerUnavailableError if a reading could not be made now."""
