"""An analyzer that reads everybody as calm, and does not look at how well they can be seen."""

from dataclasses import dataclass

from garden.faces.base import FaceAnalyzer, FaceReading
from garden.faces.photo import Photo
from tests.garden.faces.evaluation.samples import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmeasuredAnalyzer(FaceAnalyzer):
    def analyze(self, photo: Photo) -> FaceReading:
        return reading("calm")
