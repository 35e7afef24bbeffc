"""The role of a face analyzer: a photo in, a `FaceReading` out, the photo forgotten."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from garden.emotion.photo import Photo, PhotoLimits, decode_photo
from garden.errors import GardenError, UnavailableError
from garden.vocabulary import Emotion, Gender, Generation


class NoFaceError(GardenError):
    """The photo is fine, but nobody is in it."""

    code = "no_face"
    status = 404

    def __init__(self) -> None:
        super().__init__("No Face")


class AnalyzerUnavailableError(UnavailableError):
    """The analyzer cannot answer now (model missing, service down, crash)."""

    code = "analyzer_unavailable"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A yes/no property of a face and how sure the analyzer is of it (0.5 … 1)."""

    value: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class FaceReading:
    """What was read from the largest face of a photo.

    `scores` holds all eight emotions and sums to 1; ages are whole years; `confidence` is the
    detector's (0 … 1); `faces` counts every face found.
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

    def read(self, data: bytes) -> FaceReading:
        """Decode within bounds, then analyze the largest face.

        Raises NoFaceError, UnreadablePhotoError, PhotoTooLargeError or AnalyzerUnavailableError.
        """
        return self.analyze(decode_photo(data, self.limits))

    @abstractmethod
    def analyze(self, photo: Photo) -> FaceReading:
        """Read the largest face of an upright RGB photo."""

    def check(self) -> None:
        """Raise AnalyzerUnavailableError if a reading could not be made now."""
