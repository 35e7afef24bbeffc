"""The eight moods are told apart at a glance: by a classifier that sees nothing but small colour statistics."""

import cv2
import numpy as np
from numpy.typing import NDArray

from garden.vocabulary import Emotion
from tests.generation.engines.painting import painted

_KNOWN, _UNSEEN = range(3), range(50, 53)


def _glance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean and deviation of L*a*b* in three bands of the picture: what is left when one squints."""
    bands = np.array_split(cv2.cvtColor(pixels, cv2.COLOR_RGB2Lab).astype(float), 3)
    return np.concatenate([np.concatenate([band.mean((0, 1)), band.std((0, 1))]) for band in bands])


def _centroids() -> dict[Emotion, NDArray[np.float64]]:
    return {mood: np.mean([_glance(painted(mood, seed)) for seed in _KNOWN], 0) for mood in Emotion}


def _share_recognised(pictures: list[tuple[Emotion, NDArray[np.uint8]]]) -> float:
    centroids = _centroids()
    scale = np.std(list(centroids.values()), 0)

    def nearest(pixels: NDArray[np.uint8]) -> Emotion:
        return min(centroids, key=lambda mood: float(np.linalg.norm((_glance(pixels) - centroids[mood]) / scale)))

    return float(np.mean([nearest(pixels) is mood for mood, pixels in pictures]))


def test_unseen_pictures_are_nearest_to_their_own_mood() -> None:
    assert _share_recognised([(mood, painted(mood, seed)) for mood in Emotion for seed in _UNSEEN]) >= 0.9


def test_portraits_and_favorites_keep_the_mood() -> None:
    pictures = [(mood, painted(f"{mood}, cat", 60, 80, 128)) for mood in Emotion]
    pictures += [(mood, painted(f"{mood}, spring,cloudy,day", 61)) for mood in Emotion]
    assert _share_recognised(pictures) >= 0.8
