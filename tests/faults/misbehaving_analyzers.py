"""Face analyzers that need more than there is: of time, or of memory."""

import threading
from dataclasses import dataclass

import numpy as np

from garden.faces.base import FaceAnalyzer, FaceReading
from garden.faces.photo import Photo

released = threading.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class HangingAnalyzer(FaceAnalyzer):
    def analyze(self, photo: Photo) -> FaceReading:
        released.wait()
        raise RuntimeError("too late")


@dataclass(frozen=True, slots=True, kw_only=True)
class HungryAnalyzer(FaceAnalyzer):
    def analyze(self, photo: Photo) -> FaceReading:
        raise AssertionError(np.ones(1 << 50).sum())  # A petabyte and more: no machine has it.
