"""The emphasis that curators write into prompts, in the notation of AUTOMATIC1111's web UI.

`(word)` counts 1.1 times, `((word))` 1.21 times, `(word:1.3)` 1.3 times, `[word]` 1/1.1 times; brackets nest and
multiply; `\\(`, `\\)`, `\\[`, `\\]` and `\\\\` are the characters themselves; a bracket left open reaches to the end.
"""

import re
from dataclasses import dataclass, field
from itertools import groupby

FACTORS = {"(": 1.1, "[": 1 / 1.1}
LARGEST = 5.0
"""Weights beyond this only break pictures; they count as this."""

PIECE = re.compile(r"\\[()\[\]\\]|:\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\)|[()\[\]]|[^\\()\[\]:]+|.", re.DOTALL)
SPECIAL = re.compile(r"([\\()\[\]])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of text and how much it counts (1 is normal)."""

    text: str
    weight: float = 1.0


def parse_weights(prompt: str) -> list[Phrase]:
    """The prompt's phrases in order, neighbours of one weight joined. Every string is a valid prompt."""
    parser = _Parser()
    for piece in PIECE.findall(prompt):
        parser.read(piece)
    parser.close_all()
    return _joined(parser.phrases)


def strip_weights(prompt: str) -> str:
    """The prompt as a model without emphasis should read it."""
    return "".join(phrase.text for phrase in parse_weights(prompt))


def escape(text: str) -> str:
    """Text that parses to itself, whatever brackets it has."""
    return SPECIAL.sub(r"\\\1", text)


@dataclass(slots=True)
class _Parser:
    phrases: list[Phrase] = field(default_factory=list)
    opened: dict[str, list[int]] = field(default_factory=lambda: {bracket: [] for bracket in FACTORS})

    def read(self, piece: str) -> None:
        if piece in FACTORS:
            self.opened[piece].append(len(self.phrases))
        elif piece == "]":
            self._close("[", FACTORS["["], piece)
        elif piece == ")":
            self._close("(", FACTORS["("], piece)
        elif piece[0] == ":" and piece[-1] == ")":
            self._close("(", float(piece[1:-1]), piece)
        else:
            self.phrases.append(Phrase(piece[1:] if piece[0] == "\\" and len(piece) == 2 else piece))

    def close_all(self) -> None:
        for bracket, starts in self.opened.items():
            for start in starts:
                self._weigh(start, FACTORS[bracket])

    def _close(self, bracket: str, factor: float, piece: str) -> None:
        """Weigh what stands since the bracket was opened; a closing bracket alone is text."""
        if self.opened[bracket]:
            self._weigh(self.opened[bracket].pop(), factor)
        else:
            self.phrases.append(Phrase(piece))

    def _weigh(self, start: int, factor: float) -> None:
        inside = self.phrases[start:]
        self.phrases[start:] = [Phrase(phrase.text, phrase.weight * factor) for phrase in inside]


def _joined(phrases: list[Phrase]) -> list[Phrase]:
    runs = groupby(phrases, key=lambda phrase: round(max(-LARGEST, min(phrase.weight, LARGEST)), 6))
    return [Phrase("".join(phrase.text for phrase in run), weight) for weight, run in runs]
