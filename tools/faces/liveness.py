"""How the liveness networks take photographs as they are, and shown on a drawn screen or a drawn print.

No real test: the photographs are pictures already, not persons before a camera, and a drawn screen is not a screen.
"""

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np

from garden.faces.evaluation.labels import Labelled
from garden.faces.local.faces import find_face
from garden.faces.local.networks import Networks
from garden.faces.local.portrait import Pixels
from garden.faces.local.quality import LEAST_LIVE, read_live
from garden.faces.photo import PhotoLimits, decode_photo


def as_it_is(pixels: Pixels) -> Pixels:
    return pixels


def on_a_screen(pixels: Pixels) -> Pixels:
    """Rows and columns of lights, photographed slightly askew: moiré, and a glow over the black."""
    height, width, _ = pixels.shape
    large = cv2.resize(pixels, (2 * width, 2 * height)).astype(np.float32)
    large[:, ::3] *= 0.8
    large[::3] *= 0.85
    turn = cv2.getRotationMatrix2D((width, height), 3, 0.93)
    askew = cv2.warpAffine(large, turn, (2 * width, 2 * height), borderValue=(15, 15, 20))
    return np.asarray(np.clip(cv2.resize(askew, (width, height)) * 0.9 + 18, 0, 255), np.uint8)


def on_paper(pixels: Pixels) -> Pixels:
    """Greyer blacks and whites, a printer's dots, a little less sharp."""
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    dots = 6 * np.sin(columns * 2.2) * np.sin(rows * 2.2)
    faded = pixels.astype(np.float32) * 0.75 + 40 + dots[..., None]
    return np.asarray(np.clip(cv2.GaussianBlur(faded, (0, 0), 0.8), 0, 255), np.uint8)


def figures(labelled: Sequence[Labelled], networks: Networks) -> Iterator[str]:
    """A line each way of showing: how many faces are taken for pictures."""
    for show in (as_it_is, on_a_screen, on_paper):
        live = np.array([value for each in labelled if (value := _live(each, networks, show)) is not None])
        low, middle, high = np.quantile(live, [0.03, 0.5, 0.97])
        refused = f"{len(live)} faces, {(live < LEAST_LIVE).mean():.1%} below {LEAST_LIVE}"
        spread = f"3 % below {low:.2f}, half below {middle:.2f}, 97 % below {high:.2f}"
        yield f"{show.__name__.replace('_', ' ')}: {refused}; {spread}"


def _live(labelled: Labelled, networks: Networks, show: Callable[[Pixels], Pixels]) -> float | None:
    face = find_face(networks, show(decode_photo(labelled.path.read_bytes(), PhotoLimits()).pixels))
    return read_live(networks, face.portrait) if face else None
