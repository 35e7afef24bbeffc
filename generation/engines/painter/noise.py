"""Chance that repeats itself: streams of dice for each part of a picture, and fractal noise sampled anywhere.

Spectral synthesis after Voss, "Random fractal forgeries" (1985): white noise shaped in the frequency domain.
The tile is the same for every picture; where a picture samples it is up to its dice.
"""

from functools import lru_cache
from hashlib import sha256

import cv2
import numpy as np

from generation.engines.painter.palette import Field
from generation.engines.painter.variety import RUN


class Dice:
    """Random streams fixed by (prompt, seed, width, height), the same in every process and on every run."""

    def __init__(self, prompt: str, seed: int, width: int, height: int) -> None:
        self.run, self.place = divmod(seed, RUN)
        self._key = sha256(f"{width}x{height}\0{seed}\0{prompt}".encode()).digest()

    def stream(self, part: str) -> np.random.Generator:
        """A generator for one part of the picture; adding a part never disturbs the others."""
        digest = sha256(self._key + part.encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


TILE = 512
_TILE_SEED = 20230320


@lru_cache(maxsize=32)
def tile(beta: float) -> Field:
    """A periodic TILE x TILE field in [0, 1] whose power falls as 1/f^beta (2 is cloud-like, 0 is white)."""
    white = np.random.Generator(np.random.PCG64(_TILE_SEED)).standard_normal((TILE, TILE))
    fy, fx = np.meshgrid(np.fft.fftfreq(TILE), np.fft.rfftfreq(TILE), indexing="ij")
    frequency = np.hypot(fx, fy)
    frequency[0, 0] = np.inf
    shaped = np.fft.irfft2(np.fft.rfft2(white) / frequency ** (beta / 2 + 0.5), s=(TILE, TILE))
    shaped = (shaped - shaped.mean()) / shaped.std()
    return np.asarray(np.clip(0.5 + shaped / 5, 0, 1), np.float32)


def sample(u: Field, v: Field, beta: float = 2.0) -> Field:
    """The noise at (u, v), in tiles: 1.0 is one period. Any equal shapes; returns that shape, in [0, 1]."""
    x = np.asarray((u % 1.0) * TILE, np.float32)
    y = np.asarray((v % 1.0) * TILE, np.float32)
    field: Field = cv2.remap(tile(beta), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return field


def line(rng: np.random.Generator, count: int, span: float, beta: float = 2.2) -> Field:
    """A fractal curve of `count` values in about [-1, 1], `span` tiles long: ridges, shores, paths."""
    u = np.linspace(0, span, count, dtype=np.float32)[None] + np.float32(rng.random())
    v = np.full_like(u, rng.random())
    return np.asarray(sample(u, v, beta)[0] * 2 - 1, np.float32)


def grid(height: int, width: int) -> tuple[Field, Field]:
    """Pixel coordinates (x, y), each of shape (height, width)."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x, y
