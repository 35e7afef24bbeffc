"""Chance that repeats itself: every part of a picture draws from its own stream of one secret number."""

from hashlib import sha256

import numpy as np


class Dice:
    """Random streams fixed by (prompt, seed, width, height), the same in every process and on every run."""

    def __init__(self, prompt: str, seed: int, width: int, height: int) -> None:
        self._key = sha256(f"{width}x{height}\0{seed}\0{prompt}".encode()).digest()

    def stream(self, part: str) -> np.random.Generator:
        """A generator for one part of the picture; adding a part never disturbs the others."""
        digest = sha256(self._key + part.encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
