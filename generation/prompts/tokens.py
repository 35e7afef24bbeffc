"""Prompts as lists of tokens that can be switched off and weighed, and the text that engines read."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.prompts.weights import escape

HEAVIEST = 3.0
LONGEST = 500
MOST = 100


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
    if len(given) > MOST:
        raise TokenError(f"has more than {MOST} tokens")
    return tuple(_read({"text": one} if isinstance(one, str) else one) for one in given)


def as_prompt(tokens: Sequence[Token]) -> str:
    """The text that engines read: what is off or weighs nothing is left out."""
    said = (token for token in tokens if token.on and token.weight > 0 and token.text.strip())
    return ", ".join(_weighed(token) for token in said)


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
