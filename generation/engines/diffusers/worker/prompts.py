"""Prompts of any length as chunks that a CLIP encoder can read, each token with its weight."""

import inspect
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from generation.engines.base import PictureRequest
from generation.prompts.weights import parse_weights, strip_weights


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


FARTHEST = 2.0
"""Weighting may not change the scale more than this; a mean near zero would."""


def encode(encoder: Any, prompts: Sequence[Sequence[Chunk]], layer: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Embeddings (prompts, chunks × places, width) and the first chunk's pooled output (prompts, …).

    `layer` counts hidden states (-2 for SDXL); None is the encoder's own output. Prompts have equally many chunks.
    """
    flat = [chunk for prompt in prompts for chunk in prompt]
    device = encoder.device if encoder.device.type != "meta" else None
    tokens = torch.tensor([chunk.tokens for chunk in flat], device=device)
    with torch.no_grad():
        output = encoder(tokens, attention_mask=_mask(encoder, flat, tokens), output_hidden_states=layer is not None)
    states = output[0] if layer is None else output.hidden_states[layer]
    states = weighted(states.unflatten(0, (len(prompts), -1)), _weights(prompts, states))
    return states.flatten(1, 2), output[0][:: len(prompts[0])]


def weighted(states: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """States (prompts, chunks, places, width) times weights (prompts, chunks, places), each prompt's mean kept.

    Prompts without emphasis stay as they are, bit for bit.
    """
    scaled = states * weights.unsqueeze(-1)
    before, after = (tensor.float().mean(dim=(1, 2, 3), keepdim=True) for tensor in (states, scaled))
    ratio = before / after
    steady = torch.isfinite(ratio) & (ratio > 1 / FARTHEST) & (ratio < FARTHEST)
    return torch.where(steady, scaled * ratio.to(scaled.dtype), scaled)


def _weights(prompts: Sequence[Sequence[Chunk]], like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(
        [[chunk.weights for chunk in prompt] for prompt in prompts], device=like.device, dtype=like.dtype
    )


def _mask(encoder: Any, chunks: Sequence[Chunk], tokens: torch.Tensor) -> torch.Tensor | None:
    if not getattr(encoder.config, "use_attention_mask", False):
        return None
    places = torch.arange(tokens.shape[1], device=tokens.device)
    return (places < torch.tensor([[chunk.attended] for chunk in chunks], device=tokens.device)).long()


PENULTIMATE = -2
_FAMILY = re.compile(r"StableDiffusion(XL)?(ControlNet)?(Inpaint)?Pipeline")


MOST_BYTES = 256 * 1024**2
Rows = tuple[torch.Tensor, ...]


class EmbeddingCache:
    """What the encoders of one loaded model made of texts, those used last up to `most` bytes.

    A model is loaded with its LoRAs, so that the text and its number of chunks tell everything.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._rows: OrderedDict[tuple[str, int], Rows] = OrderedDict()

    def embed(self, texts: Sequence[str], chunks: int, encode: Callable[[list[str]], Rows]) -> Rows:
        """What `encode` makes of the texts; those that are not known are encoded in one call."""
        wanted = {text: self._rows.pop((text, chunks), None) for text in dict.fromkeys(texts)}
        missing = [text for text, rows in wanted.items() if rows is None]
        if missing:
            made = zip(*encode(missing), strict=True)
            wanted |= {text: tuple(part.clone() for part in rows) for text, rows in zip(missing, made, strict=True)}
        known = {text: rows for text, rows in wanted.items() if rows is not None}
        self._rows |= {(text, chunks): rows for text, rows in known.items()}
        while self.bytes > self._most:
            self._rows.popitem(last=False)
        return tuple(torch.stack(parts) for parts in zip(*(known[text] for text in texts), strict=True))

    @property
    def bytes(self) -> int:
        return sum(part.nbytes for rows in self._rows.values() for part in rows)


def conditions(
    pipeline: Any, requests: Sequence[PictureRequest], guidance: float, cache: EmbeddingCache
) -> dict[str, Any]:
    """The arguments of a pipeline's call that say what to show, and, where guided, what not to."""
    encoders = len(_tokenizers(pipeline))
    guided = guidance > _unguided(pipeline)
    if encoders == 1:
        return _for_sd(pipeline, requests, cache, guided=guided)
    if encoders == 2:
        return _for_sdxl(pipeline, requests, cache, guided=guided)
    if type(pipeline).__name__.startswith("Flux2Klein"):
        return _for_klein(pipeline, requests, cache, guided=guided)
    return _as_text(pipeline, requests, guided=guided)


def scale(pipeline: Any, guidance: float) -> dict[str, float]:
    """The guidance scale under the name that the pipeline calls it by."""
    name = "true_cfg_scale" if type(pipeline).__name__.startswith("QwenImage") else "guidance_scale"
    return {name: guidance}


def _unguided(pipeline: Any) -> float:
    """The largest guidance scale that is none: Z-Image adds scale × (prompt − negative), the others mix the two."""
    return 0 if type(pipeline).__name__.startswith("ZImage") else 1


def prompt_length(pipeline: Any, request: PictureRequest) -> int:
    """Chunks that a request's prompts take: pictures in one batch must take equally many."""
    tokenizers = _tokenizers(pipeline)
    texts = (request.prompt, request.negative_prompt)
    return max((len(chunks_of(tokenizer, text)) for tokenizer in tokenizers for text in texts), default=1)


def _tokenizers(pipeline: Any) -> list[Any]:
    """Those of CLIP encoders: one in Stable Diffusion, two in SDXL, whatever else the pipeline can do."""
    family = _FAMILY.match(type(pipeline).__name__)
    names = [] if family is None else ["tokenizer", "tokenizer_2"] if family[1] else ["tokenizer"]
    return [getattr(pipeline, name) for name in names]


def _for_sd(
    pipeline: Any, requests: Sequence[PictureRequest], cache: EmbeddingCache, *, guided: bool
) -> dict[str, Any]:
    count = max(prompt_length(pipeline, request) for request in requests)

    def encode_texts(texts: list[str]) -> Rows:
        chunks = [chunks_of(pipeline.tokenizer, text, count) for text in texts]
        return (encode(pipeline.text_encoder, chunks, layer=None)[0],)

    [states] = cache.embed([request.prompt for request in requests], count, encode_texts)
    answer = {"prompt_embeds": states}
    if guided:
        [states] = cache.embed([request.negative_prompt for request in requests], count, encode_texts)
        answer["negative_prompt_embeds"] = states
    return answer


def _for_sdxl(
    pipeline: Any, requests: Sequence[PictureRequest], cache: EmbeddingCache, *, guided: bool
) -> dict[str, Any]:
    count = max(prompt_length(pipeline, request) for request in requests)
    encode_texts = partial(_by_both_encoders, pipeline, count)
    states, pooled = cache.embed([request.prompt for request in requests], count, encode_texts)
    answer = {"prompt_embeds": states, "pooled_prompt_embeds": pooled}
    if guided:
        negatives = [request.negative_prompt for request in requests]
        states, pooled = cache.embed(negatives, count, encode_texts)
        if pipeline.config.force_zeros_for_empty_prompt:
            # The model was trained with zeros, not with the embedding of nothing.
            present = torch.tensor([bool(text) for text in negatives], device=states.device)
            states, pooled = states * present[:, None, None], pooled * present[:, None]
        answer |= {"negative_prompt_embeds": states, "negative_pooled_prompt_embeds": pooled}
    return answer


def _by_both_encoders(pipeline: Any, count: int, texts: list[str]) -> Rows:
    """SDXL reads the states of both its encoders side by side, and what the second one pools."""
    first = [chunks_of(pipeline.tokenizer, text, count) for text in texts]
    second = [chunks_of(pipeline.tokenizer_2, text, count) for text in texts]
    one, _ = encode(pipeline.text_encoder, first, layer=PENULTIMATE)
    other, pooled = encode(pipeline.text_encoder_2, second, layer=PENULTIMATE)
    return torch.cat([one, other], dim=-1), pooled


def _for_klein(
    pipeline: Any, requests: Sequence[PictureRequest], cache: EmbeddingCache, *, guided: bool
) -> dict[str, Any]:
    """FLUX.2 [klein] knows no negative prompt: where it is guided, the other side is no prompt at all."""

    def encode_texts(texts: list[str]) -> Rows:
        with torch.no_grad():
            return (pipeline.encode_prompt(texts)[0],)

    [states] = cache.embed([strip_weights(request.prompt) for request in requests], 1, encode_texts)
    answer = {"prompt_embeds": states}
    if guided and not pipeline.config.is_distilled:
        [answer["negative_prompt_embeds"]] = cache.embed([""] * len(requests), 1, encode_texts)
    return answer


def _as_text(pipeline: Any, requests: Sequence[PictureRequest], *, guided: bool) -> dict[str, Any]:
    answer = {"prompt": [strip_weights(request.prompt) for request in requests]}
    if guided and "negative_prompt" in inspect.signature(pipeline.__call__).parameters:
        answer["negative_prompt"] = [strip_weights(request.negative_prompt) for request in requests]
    return answer
