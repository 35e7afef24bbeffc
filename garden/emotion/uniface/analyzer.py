"""Faces read by the open networks of the `uniface` package: nothing of a photo leaves this machine."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from garden.emotion.base import AnalyzerUnavailableError, FaceAnalyzer, FaceReading, NoFaceError
from garden.emotion.photo import Photo
from garden.emotion.quality import Quality
from garden.emotion.several import count_beside, in_turn
from garden.emotion.uniface.judging import judge_attributes, judge_emotion, judge_person
from garden.emotion.uniface.networks import Networks, Store
from garden.errors import GardenError

ADVICE = (
    "pip install --no-deps -r requirements/uniface.txt; let this machine reach the internet once, or copy "
    "UNIFACE_WEIGHTS from one that did: docs/how-to/read-faces-with-uniface.md."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UniFaceAnalyzer(FaceAnalyzer):
    """`weights` is the folder of the package's store. `emotions` names its network (affecnet7, affecnet8), `providers`
    what ONNX Runtime computes on. Safe to share between threads, not to fork after use (PyTorch)."""

    weights: Path
    emotions: str = "affecnet7"
    providers: Sequence[str] = ("CPUExecutionProvider",)
    _store: Store = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_store", Store(Path(self.weights), self.emotions, tuple(self.providers)))

    @property
    def advice(self) -> str:
        return ADVICE

    @property
    def recipient(self) -> str:
        return ""

    def analyze(self, photo: Photo) -> FaceReading:
        networks = self._store.networks()
        try:
            return self._read(networks, photo)
        except GardenError:
            raise
        except Exception as error:
            failure = type(error).__name__
        # Raised here, not above: a chained exception could show the photo's pixels in a log or an error page.
        raise AnalyzerUnavailableError(f"UniFace failed with {failure}.")

    def check(self) -> None:
        """Fetches and loads what is missing."""
        self._store.networks()

    def _read(self, networks: Networks, photo: Photo) -> FaceReading:
        pixels = np.ascontiguousarray(photo.pixels[..., ::-1])
        faces = networks.detector.detect(pixels)
        if not faces:
            raise NoFaceError
        middle = np.array(pixels.shape[1::-1]) / 2
        sides = [_side(face) for face in faces]
        offsets = [math.dist((face.bbox[:2] + face.bbox[2:]) / 2, middle) for face in faces]
        chosen = in_turn(sides, offsets, self.several)[0]
        face = faces[chosen]
        gender, (low, high) = judge_person(networks, pixels, face)
        return FaceReading(
            scores=judge_emotion(networks, pixels, face),
            age_low=low,
            age_high=high,
            gender=gender,
            faces=len(faces),
            confidence=face.confidence,
            quality=_quality(face, beside=count_beside(sides, chosen)),
            **judge_attributes(networks, pixels, face),
        )


def _side(face: Any) -> float:
    width, height = face.bbox[2:] - face.bbox[:2]
    return math.sqrt(max(0.0, float(width) * float(height)))


def _quality(face: Any, *, beside: int) -> Quality:
    """What its five points tell: the eyes come first, as seen from the left."""
    (left_x, left_y), (right_x, right_y) = face.landmarks[:2].astype(float)
    roll = math.degrees(math.atan2(right_y - left_y, right_x - left_x))
    return Quality(eye_distance=math.hypot(right_x - left_x, right_y - left_y), roll=roll, beside=beside)
