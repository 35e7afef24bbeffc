"""An analyzer that reads everybody as calm, and does not look at how well they can be seen."""

from dataclasses import dataclass

from garden.emotion.base import FaceAnalyzer, FaceReading
from garden.emotion.photo import Photo
from tests.garden.emotion.evaluation.samples import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmeasuredAnalyzer(FaceAnalyzer):
    def analyze(self, photo: Photo) -> FaceReading:
        return reading("calm")
