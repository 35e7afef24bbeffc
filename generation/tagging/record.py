"""Tags without a model: from the picture's record, and from the colours of its pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from generation.prompts.weights import parse_weights
from generation.tagging.base import PictureTagger, Sight, Tag, Word, best

NAMED = {
    "red": "#d02020",
    "orange": "#f08020",
    "yellow": "#f4d030",
    "green": "#4a8a3c",
    "turquoise": "#3fb8af",
    "blue": "#3c6fc4",
    "purple": "#7f4bb0",
    "pink": "#f3a0c0",
    "brown": "#7a5230",
    "white": "#f7f7f4",
    "grey": "#8c8c8c",
    "black": "#141414",
}
FAINTEST = 0.06
"""A colour of a smaller share of the picture is not one of its colours."""
_SIDE = 96


def shares(pixels: NDArray[np.uint8]) -> dict[str, float]:
    """Names of colours and the share of an RGB picture that is nearest to each in CIE Lab."""
    small = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    found = _lab(small.reshape(1, -1, 3))[0]
    given = _lab(np.array([[_rgb(code) for code in NAMED.values()]], np.uint8))[0]
    apart = ((found[:, None] - given[None]) * (0.7, 1.0, 1.0)) ** 2
    counts = np.bincount(apart.sum(axis=2).argmin(axis=1), minlength=len(NAMED))
    parts = {name: float(count) / len(found) for name, count in zip(NAMED, counts, strict=True)}
    return {name: share for name, share in parts.items() if share >= FAINTEST}


def _lab(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _rgb(code: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue


RECORDED, ASKED, PHRASE = 1.0, 0.9, 0.6
LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTagger(PictureTagger):
    """Needs no further packages; it does not recognize shapes."""

    name: ClassVar[str] = "record"
    note: ClassVar[str] = "From the picture's own record and its colours: no model has looked at it."

    def read(self, sight: Sight, words: Sequence[Word]) -> list[Tag]:
        tags: dict[str, Tag] = {}
        for tag in (*_recorded(sight, words), *_coloured(sight, words), *_phrases(sight, words)):
            tags.setdefault(tag.text, tag)
        return best(list(tags.values()))


def _recorded(sight: Sight, words: Sequence[Word]) -> list[Tag]:
    """Words of the vocabulary in its key or in its prompt."""
    asked = " ".join(phrase.text for phrase in parse_weights(sight.prompt)).lower()
    spoken = set(re.findall(r"[^\W\d_]+", asked))
    found = []
    for word in words:
        text = word.text.lower()
        if text == sight.emotion:
            found.append(Tag(word.text, word.kind, RECORDED))
        elif text in spoken or (" " in text and text in asked):
            found.append(Tag(word.text, word.kind, ASKED))
    return found


def _coloured(sight: Sight, words: Sequence[Word]) -> list[Tag]:
    known = {word.text.lower(): word for word in words if word.kind == "colour"}
    counted = shares(sight.pixels)
    return [Tag(known[name].text, "colour", round(share, 3)) for name, share in counted.items() if name in known]


def _phrases(sight: Sight, words: Sequence[Word]) -> list[Tag]:
    """Phrases of its prompt outside the vocabulary."""
    known = {word.text.lower() for word in words}
    asked = "".join(phrase.text for phrase in parse_weights(sight.prompt))
    phrases = (phrase.strip() for phrase in asked.split(","))
    return [Tag(one, "phrase", PHRASE) for one in phrases if 0 < len(one) <= LONGEST and one.lower() not in known]
