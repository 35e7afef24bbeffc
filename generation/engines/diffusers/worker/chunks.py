"""Prompts of any length as chunks that a CLIP encoder can read, each token with its weight."""

from dataclasses import dataclass
from typing import Any

from generation.prompts.weights import parse_weights


@dataclass(frozen=True, slots=True)
class Chunk:
    """As many tokens as the encoder has places, begin and end marks and padding included, and their weights."""

    tokens: list[int]
    weights: list[float]
    attended: int


def chunks_of(tokenizer: Any, prompt: str, at_least: int = 1) -> list[Chunk]:
    """The whole prompt in as many chunks as it takes, filled up with empty ones."""
    pairs = [
        (token, phrase.weight)
        for phrase in parse_weights(prompt)
        for token in tokenizer(phrase.text, add_special_tokens=False, verbose=False).input_ids
    ]
    room = tokenizer.model_max_length - 2
    parts = [pairs[start : start + room] for start in range(0, len(pairs), room)]
    return [_chunk(tokenizer, part) for part in parts + [[]] * (max(at_least, 1) - len(parts))]


def _chunk(tokenizer: Any, pairs: list[tuple[int, float]]) -> Chunk:
    words = [(tokenizer.bos_token_id, 1.0), *pairs, (tokenizer.eos_token_id, 1.0)]
    padding = [(tokenizer.pad_token_id, 1.0)] * (tokenizer.model_max_length - len(words))
    tokens, weights = zip(*words, *padding, strict=True)
    return Chunk(list(tokens), list(weights), len(words))
