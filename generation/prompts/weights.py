"""The emphasis that curators write into prompts, in the notation of AUTOMATIC1111's web UI, and prompts as tokens.

`(word)` counts 1.1 times, `((word))` 1.21 times, `(word:1.3)` 1.3 times, `[word]` 1/1.1 times; brackets nest and
multiply; `\\(`, `\\)`, `\\[`, `\\]` and `\\\\` are the characters themselves; a bracket left open reaches to the end.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

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
        """Weigh the text since the opening bracket; a closing bracket alone is text."""
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


HEAVIEST = 3.0
LONGEST = 500
MAX_TOKENS = 100


class TokenError(ValueError):
    """A token that breaks a rule, which the message names."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or phrase of a prompt; `weight` from 0 to 3, 1 is normal."""

    text: str
    on: bool = True
    weight: float = 1.0

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "on": self.on, "weight": self.weight}


def read_tokens(given: Any) -> tuple[Token, ...]:
    """Tokens out of JSON: a list of `{"text", "on", "weight"}`, or of plain words. Raises TokenError."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise TokenError("must be a list of tokens")
    if len(given) > MAX_TOKENS:
        raise TokenError(f"has more than {MAX_TOKENS} tokens")
    return tuple(_read({"text": one} if isinstance(one, str) else one) for one in given)


def as_prompt(tokens: Sequence[Token]) -> str:
    """The text that engines read: what is off or weighs nothing is left out."""
    kept = (token for token in tokens if token.on and token.weight > 0 and token.text.strip())
    return ", ".join(_weighed(token) for token in kept)


def _read(given: Any) -> Token:
    if not isinstance(given, Mapping) or not isinstance(given.get("text"), str):
        raise TokenError("has a token without text")
    if unknown := sorted(set(given) - {"text", "on", "weight"}):
        raise TokenError(f"has a token with an unknown {unknown[0]}")
    text, on, weight = " ".join(given["text"].split()), given.get("on", True), given.get("weight", 1.0)
    if not text or len(text) > LONGEST:
        raise TokenError(f"has a token whose text is not 1 to {LONGEST} letters")
    if not is_writable(text):
        raise TokenError("has a token with control characters")
    if not isinstance(on, bool):
        raise TokenError(f"has a token ({text[:20]}) whose on is neither true nor false")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= HEAVIEST:
        raise TokenError(f"has a token ({text[:20]}) whose weight is not from 0 to {HEAVIEST:g}")
    return Token(text, on, round(float(weight), 2))


def is_writable(text: str) -> bool:
    """No control characters, no halves of letters: databases refuse them."""
    return not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text)


def _weighed(token: Token) -> str:
    text = escape(token.text)
    return text if token.weight == 1 else f"({text}:{token.weight:g})"
