"""The mask of all faces in a picture, by the garden's own detector and mesh: nothing is sent anywhere."""

from pathlib import Path

import cv2
import numpy as np
from django.conf import settings

from garden.emotion.local.networks import Networks
from garden.emotion.local.outlines import find_outlines
from generation.retouch.errors import NothingFoundError
from generation.retouch.pixels import Mask, Pixels


def face_mask(pixels: Pixels) -> Mask:
    """255 within the outline of each face, brow to chin. Raises NothingFoundError, AnalyzerUnavailableError."""
    outlines = find_outlines(_networks(), pixels)
    if not outlines:
        raise NothingFoundError("There is no face in this picture.", field="region")
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for points in outlines:
        cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(points).astype(np.int32)), 255)
    return mask


def _networks() -> Networks:
    """Those of the local analyzer, whichever analyzer reads the visitors."""
    options = settings.FACE_ANALYZER.get("OPTIONS", {})
    return Networks(Path(options.get("models", Path(settings.DATA_DIR) / "models" / "face")))
