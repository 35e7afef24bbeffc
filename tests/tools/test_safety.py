"""Converting the safety check's network: the pinned files alone, and the classes of the original in their order."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
import skimage

from generation.safety import CLASSES
from tools.faces.sources import SourceError
from tools.safety import SAFETY_NETWORK, SIDE

NODE_MODULES = Path("node_modules")


def test_it_refuses_a_file_whose_sha_256_differs() -> None:
    with pytest.raises(SourceError, match="not the file of the pinned version"):
        replace(SAFETY_NETWORK, weights=replace(SAFETY_NETWORK.weights, sha256="0" * 64)).convert(NODE_MODULES)


def test_it_computes_what_the_original_computes() -> None:
    """The figures are those of TensorFlow.js 4.22 with the package's own files."""
    session = onnxruntime.InferenceSession(SAFETY_NETWORK.convert(NODE_MODULES).SerializeToString())
    cat = cv2.resize(skimage.data.cat(), (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    probabilities = dict(zip(CLASSES, session.run(None, {"input": cat[None]})[0][0], strict=True))
    assert probabilities == pytest.approx(
        {"drawing": 0.0014, "hentai": 0.0008, "neutral": 0.9399, "porn": 0.0542, "sexy": 0.0037}, abs=0.001
    )
