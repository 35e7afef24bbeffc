"""The default face analyzer: open networks on the machine's own processor, nothing sent anywhere."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from garden.emotion.base import AnalyzerUnavailableError, FaceAnalyzer, FaceReading, NoFaceError
from garden.emotion.local.appearance import read_appearance
from garden.emotion.local.confusion import with_confusion
from garden.emotion.local.demographics import describe, read_demographics
from garden.emotion.local.emotions import read_emotions
from garden.emotion.local.eyes import read_eyes_open
from garden.emotion.local.faces import Face, find_face
from garden.emotion.local.fusion import fuse
from garden.emotion.local.mouth import read_mouth_open, read_smile
from garden.emotion.local.networks import Networks
from garden.emotion.photo import Photo
from garden.errors import GardenError


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAnalyzer(FaceAnalyzer):
    """`models` is the folder that `manage.py build_face_models` filled; each network runs on `threads` threads.

    Safe to share between threads, and to fork after use.
    """

    models: Path
    threads: int = 1

    def analyze(self, photo: Photo) -> FaceReading:
        """Raises NoFaceError, or AnalyzerUnavailableError for whatever else goes wrong."""
        try:
            return self._read(photo)
        except GardenError:
            raise
        except Exception as error:
            failure = _without_content(error)
        # Raised here, not above: a chained exception could show the photo's pixels in a log or an error page.
        raise AnalyzerUnavailableError(f"The local analyzer failed: {failure}.")

    def check(self) -> None:
        self._networks.load()

    @property
    def _networks(self) -> Networks:
        return Networks(Path(self.models), self.threads)

    def _read(self, photo: Photo) -> FaceReading:
        face = find_face(self._networks, photo.pixels)
        if face is None:
            raise NoFaceError
        return _reading(self._networks, face)


def _reading(networks: Networks, face: Face) -> FaceReading:
    portrait, mesh = face.portrait, face.mesh
    evidence = read_emotions(networks, portrait)
    description = describe(networks, portrait)
    person = read_demographics(networks, portrait, description)
    appearance = read_appearance(description)
    return FaceReading(
        scores=with_confusion(fuse(evidence), mesh),
        age_low=person.age_low,
        age_high=person.age_high,
        gender=person.gender,
        smile=read_smile(mesh, evidence),
        eyeglasses=appearance.eyeglasses,
        sunglasses=appearance.sunglasses,
        beard=appearance.beard,
        mustache=appearance.mustache,
        eyes_open=read_eyes_open(networks, portrait, mesh),
        mouth_open=read_mouth_open(mesh),
        faces=face.count,
        confidence=face.box.score,
    )


def _without_content(error: Exception) -> str:
    """The kind of an error and where it arose; never its message, which may quote an array."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({Path(frame.filename).name}:{frame.lineno})"
