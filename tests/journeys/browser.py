"""Contexts of the browser, and a film of a face for its camera."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from tests.support.pictures import astronaut

FRAMES = 3


def open_context(browser: Browser, **how: Any) -> BrowserContext:
    """Somebody's browser, to be closed. In it nothing moves unless a test is about that: most would only wait."""
    return browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **how})


def record_face(path: Path) -> Path:
    """Frames of the astronaut, near and in the middle, as a Y4M film of 640×480."""
    frame = Image.new("RGB", (640, 480), "gray")
    frame.paste(astronaut().crop((92, 0, 352, 260)).resize((480, 480)), (80, 0))
    light, blue, red = (np.asarray(plane) for plane in frame.convert("YCbCr").split())
    planes = light.tobytes() + _halved(blue).tobytes() + _halved(red).tobytes()
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + planes) * FRAMES)
    return path


def _halved(plane: np.ndarray) -> np.ndarray:
    halved: np.ndarray = plane.reshape(240, 2, 320, 2).mean(axis=(1, 3)).astype(np.uint8)
    return halved
