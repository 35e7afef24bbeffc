"""Tags without a model: what the picture's own record says, and the colours that are counted in its pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from generation.prompts.weights import parse_weights
from generation.tagging.base import PictureTagger, Sight, Tag, Word, best
from generation.tagging.colours import shares

RECORDED, ASKED, PHRASE = 1.0, 0.9, 0.6
LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTagger(PictureTagger):
    """Needs nothing installed; it looks at no shapes, and says so."""

    name: ClassVar[str] = "record"
    note: ClassVar[str] = "From the picture's own record and its colours: no model has looked at it."

    def read(self, sight: Sight, words: Sequence[Word]) -> list[Tag]:
        tags: dict[str, Tag] = {}
        for tag in (*_recorded(sight, words), *_coloured(sight, words), *_phrases(sight, words)):
            tags.setdefault(tag.text, tag)
        return best(list(tags.values()))


def _recorded(sight: Sight, words: Sequence[Word]) -> list[Tag]:
    """Words of the vocabulary that it is filed under, or that it was asked for with."""
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
    """What it was asked for with that is in no vocabulary."""
    known = {word.text.lower() for word in words}
    asked = "".join(phrase.text for phrase in parse_weights(sight.prompt))
    phrases = (phrase.strip() for phrase in asked.split(","))
    return [Tag(one, "phrase", PHRASE) for one in phrases if 0 < len(one) <= LONGEST and one.lower() not in known]
