"""A face analyzer that breaks in the worst way: with the photo in its message."""

from dataclasses import dataclass

from garden.faces.base import FaceAnalyzer, FaceReading
from garden.faces.photo import Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashingAnalyzer(FaceAnalyzer):
    models: object = None

    def analyze(self, photo: Photo) -> FaceReading:
        raise RuntimeError(f"cannot read {photo.data!r}")
