"""The package's networks, loaded once. Its own store fetches what is missing and refuses what has another SHA-256."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from garden.breaker import CircuitBreaker, ClosedError, Gate
from garden.emotion.base import AnalyzerUnavailableError

INSTALL = "UniFace is not installed: pip install --no-deps -r requirements/uniface.txt."
PATIENCE, LATER = 10, 60.0
"""Seconds: how long a source may be silent, and when what could not be fetched is tried again."""


@dataclass(frozen=True, slots=True)
class Networks:
    """`detector` finds faces and five points of each; the others look at one face."""

    detector: Any
    emotion: Any
    demography: Any
    states: Any


@dataclass(slots=True)
class Store:
    """Where the networks lie. One per analyzer, for all threads."""

    weights: Path
    emotions: str
    providers: Sequence[str]
    gate: Gate = field(default_factory=lambda: Gate(CircuitBreaker(threshold=1, cool_down=LATER)))
    _loaded: list[Networks] = field(default_factory=list, repr=False)
    _loading: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def networks(self) -> Networks:
        """The first call may take as long as the internet. Raises AnalyzerUnavailableError."""
        if self._loaded:
            return self._loaded[0]
        if not self._loading.acquire(blocking=False):
            raise AnalyzerUnavailableError("The networks of UniFace are being loaded.")
        try:
            with self.gate.passing(AnalyzerUnavailableError):
                self._loaded.append(self._load())
        except ClosedError as error:
            raise AnalyzerUnavailableError("The networks of UniFace could not be had a moment ago.") from error
        finally:
            self._loading.release()
        return self._loaded[0]

    def _load(self) -> Networks:
        try:
            return self._made()
        except ImportError as error:
            raise AnalyzerUnavailableError(INSTALL) from error
        except ConnectionError as error:
            words = f"The networks of UniFace cannot be fetched: {error}. They belong into {self.weights}."
            raise AnalyzerUnavailableError(words) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise AnalyzerUnavailableError(f"The networks of UniFace cannot be loaded: {error}") from error

    def _made(self) -> Networks:
        import uniface
        from uniface.constants import EmotionWeights, FaceAttribNetWeights, FairFaceWeights, RetinaFaceWeights

        emotions = EmotionWeights(self.emotions)
        for wanted in (RetinaFaceWeights.MNET_V2, emotions, FairFaceWeights.DEFAULT, FaceAttribNetWeights.DEFAULT):
            uniface.verify_model_weights(wanted, root=str(self.weights), timeout=PATIENCE, max_retries=1)
        uniface.set_cache_dir(str(self.weights))
        providers = list(self.providers)
        return Networks(
            detector=uniface.RetinaFace(providers=providers),
            emotion=uniface.Emotion(model_name=emotions),
            demography=uniface.FairFace(providers=providers),
            states=uniface.FaceAttribNet(providers=providers),
        )
