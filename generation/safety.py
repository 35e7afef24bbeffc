"""A check of pictures that visitors see before a curator does: MobileNetV2 of `nsfwjs`, trained on sexual content.

Off while `GROW_SAFETY_LIMIT` is 1. It knows photographs and drawings of sexual content, no violence and no symbols.
"""

from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image

NETWORK = "nsfw-mobilenet"
SIDE = 224
CLASSES = ("drawing", "hentai", "neutral", "porn", "sexy")
"""The order of the network's outputs."""
UNSAFE = ("hentai", "porn", "sexy")


def network_file() -> Path:
    return Path(settings.FACE_MODELS) / f"{NETWORK}.onnx"


def is_safe(image: Image.Image) -> bool:
    """Whether the probability of sexual content is at most the site's limit; about 10 ms on one core.

    Raises AnalyzerUnavailableError when the network is missing.
    """
    return settings.GROW_SAFETY_LIMIT >= 1 or unsafe_share(image) <= settings.GROW_SAFETY_LIMIT


def unsafe_share(image: Image.Image) -> float:
    """The probability of the classes UNSAFE, 0 … 1. Raises AnalyzerUnavailableError."""
    from garden.faces.local.networks import Networks  # Imports onnxruntime's types and OpenCV.

    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pixels = np.asarray(small, np.float32)[None]
    probabilities = Networks(network_file().parent).run(NETWORK, ["probabilities"], pixels)[0][0]
    return float(sum(probabilities[CLASSES.index(name)] for name in UNSAFE))
