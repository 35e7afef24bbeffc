"""The default face analyzer: open networks on the machine's own processor, nothing sent anywhere."""

import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from garden.errors import GardenError
from garden.faces.base import NOT_JUDGED, AnalyzerUnavailableError, FaceAnalyzer, FaceReading, NoFaceError
from garden.faces.local.attributes import (
    describe,
    read_appearance,
    read_demographics,
    read_eyes_open,
    read_mouth_open,
    read_smile,
    smile_features,
)
from garden.faces.local.calibration import Fusion, calibration, quality_model
from garden.faces.local.emotions import fuse, read_emotions
from garden.faces.local.faces import Face, find_face
from garden.faces.local.networks import NETWORK_NAMES, Networks
from garden.faces.local.own_network import CALIBRATION, OwnNetwork, read_own_network
from garden.faces.local.quality import LEAST_LIVE, LIVENESS_NETWORKS, measure_quality, read_live
from garden.faces.photo import Photo
from garden.faces.quality import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAnalyzer(FaceAnalyzer):
    """`models` is the folder that `manage.py build_models` filled; each network runs on `threads` threads. `own` is the
    folder of a site's own expression network.

    Safe to share between threads, and to fork after use.
    """

    models: Path
    threads: int = 1
    own: Path | None = None

    tells_live: ClassVar[bool] = True

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

    @property
    def advice(self) -> str:
        return "manage.py build_models (after npm ci), or check FACE_ANALYZER and DATA_DIR/models/face."

    @property
    def recipient(self) -> str:
        return ""

    @property
    def standards(self) -> Limits:
        return replace(quality_model().limits, least_live=LEAST_LIVE if self.liveness else None)

    def check(self) -> None:
        self._networks.load((*NETWORK_NAMES, *(LIVENESS_NETWORKS if self.liveness else ())))
        if self.own_network:
            Networks(self.own_network.folder, self.threads).load([self.own_network.name])
            self._fusion()

    @property
    def own_network(self) -> OwnNetwork | None:
        return read_own_network(Path(self.own)) if self.own else None

    def _fusion(self) -> Fusion:
        if not self.own:
            return calibration().emotions
        try:
            return calibration(Path(self.own) / CALIBRATION).emotions
        except OSError as error:
            raise AnalyzerUnavailableError(
                f"{self.own} has no {CALIBRATION}: run `python -m tools.faces train FOLDER --own {self.own}`.",
                model=CALIBRATION,
            ) from error

    @property
    def _networks(self) -> Networks:
        return Networks(Path(self.models), self.threads)

    def _read(self, photo: Photo) -> FaceReading:
        face = find_face(self._networks, photo.pixels, self.several)
        if face is None:
            raise NoFaceError
        reading = _reading(self._networks, face, self._fusion(), self.own_network)
        if not (self.liveness and reading.quality):
            return reading
        return replace(reading, quality=replace(reading.quality, live=read_live(self._networks, face.portrait)))


def _reading(networks: Networks, face: Face, fusion: Fusion, own: OwnNetwork | None) -> FaceReading:
    portrait, mesh = face.portrait, face.mesh
    evidence = read_emotions(networks, portrait, own)
    description = describe(networks, portrait)
    person = read_demographics(networks, portrait, description)
    appearance = read_appearance(description.features)
    return FaceReading(
        scores=fuse(evidence, description.features, fusion),
        age_low=person.age_low,
        age_high=person.age_high,
        gender=person.gender,
        smile=read_smile(smile_features(mesh, evidence)),
        eyeglasses=appearance.eyeglasses,
        sunglasses=appearance.sunglasses,
        beard=appearance.beard,
        mustache=appearance.mustache,
        eyes_open=NOT_JUDGED if appearance.sunglasses.value else read_eyes_open(networks, portrait, mesh),
        mouth_open=read_mouth_open(mesh),
        faces=face.count,
        confidence=face.box.score,
        quality=measure_quality(face, description.features),
    )


def _without_content(error: Exception) -> str:
    """The kind of an error and where it arose; never its message, which may quote an array."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({Path(frame.filename).name}:{frame.lineno})"
