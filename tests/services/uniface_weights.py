"""Tiny networks where the `uniface` package's store fetches its own from: by HTTP, held against their SHA-256.

The package's registry of names, addresses and sums is what tells it so; all else is the package's own doing.
"""

import functools
import hashlib
import http.server
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from uniface import constants

from tests import tiny_uniface
from tests.services.local_http import local_server

HAPPY = (0.5, 4.0, 0.2, 0.3, 0.1, 0.0, 0.4)
"""Logits of Neutral, Happy, Sad, Surprise, Fear, Disgust, Angry."""
DETECTOR = constants.RetinaFaceWeights.MNET_V2


@dataclass(frozen=True)
class Source:
    """`folder` is what is served; who writes there changes what is fetched."""

    folder: Path
    files: dict[Any, str]

    def spoil(self) -> None:
        for name in self.files.values():
            (self.folder / name).write_bytes(b"something else")


def build(folder: Path, emotion: Sequence[float] = HAPPY) -> dict[Any, str]:
    """All that the analyzer needs, by the package's names."""
    tiny_uniface.build_detector(folder / "detector.onnx")
    tiny_uniface.build_emotion(folder / "emotion.script", emotion)
    age = [float(number == 4) for number in range(9)]
    tiny_uniface.build_heads(folder / "people.onnx", 224, race=[0.0] * 7, gender=[0.1, 0.9], age=age)
    tiny_uniface.build_heads(folder / "states.onnx", 128, states=[0.9, 0.8, 0.2, 0.1, 0.05])
    return {
        DETECTOR: "detector.onnx",
        constants.EmotionWeights.AFFECNET7: "emotion.script",
        constants.FairFaceWeights.DEFAULT: "people.onnx",
        constants.FaceAttribNetWeights.DEFAULT: "states.onnx",
    }


@contextmanager
def served(folder: Path) -> Iterator[Source]:
    """Until it is left, the package fetches from here, and leaves no trace in the environment."""
    files = build(folder)
    handler = functools.partial(_Handler, directory=str(folder))
    with local_server(handler) as server, pytest.MonkeyPatch.context() as patch:  # type: ignore[arg-type]
        here = f"http://127.0.0.1:{server.server_port}"
        for name, file in files.items():
            sha256 = hashlib.sha256((folder / file).read_bytes()).hexdigest()
            info = constants.ModelInfo(url=f"{here}/{file}", sha256=sha256)
            patch.setitem(constants.MODEL_REGISTRY, name, info)
        patch.setattr(constants, "HF_MIRROR_URL", f"{here}/mirror")
        patch.setenv("UNIFACE_CACHE_DIR", "")
        yield Source(folder, files)


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Tests print nothing."""
