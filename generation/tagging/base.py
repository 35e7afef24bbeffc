"""The role of a tagger: a picture and a vocabulary in, scored words out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

MAX_TAGS = 24
"""Tags of one reading; the best ones."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary and its kind (mood, subject, colour, …)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word that fits the picture, with a score from 0 to 1."""

    text: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Sight:
    """The input: uint8 RGB pixels of shape (height, width, 3), and the picture's records."""

    pixels: NDArray[np.uint8]
    prompt: str = ""
    emotion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTagger(ABC):
    """Reads words in pictures. Subclasses declare their options as keyword-only dataclass fields."""

    name: ClassVar[str]
    note: ClassVar[str]
    """What it looks at, in a sentence that curators read."""

    @property
    def label(self) -> str:
        return self.name

    @property
    def queue(self) -> str:
        """The engine whose workers run this tagger; empty if it runs in the request."""
        return ""

    @abstractmethod
    def read(self, sight: Sight, words: Sequence[Word]) -> list[Tag]:
        """The best tags, the best first, at most MOST. Raises EngineUnavailableError when a later try may succeed."""


def best(tags: Sequence[Tag]) -> list[Tag]:
    return sorted(tags, key=lambda tag: (-tag.score, tag.text))[:MAX_TAGS]
