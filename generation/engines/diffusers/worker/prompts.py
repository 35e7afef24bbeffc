"""Prompts as each kind of pipeline takes them: weighted embeddings for CLIP encoders, plain text for the others."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import torch

from generation.engines.base import PictureRequest
from generation.engines.diffusers.worker.chunks import chunks_of
from generation.engines.diffusers.worker.encoding import encode
from generation.prompts.weights import strip_weights

PENULTIMATE = -2
_FAMILY = re.compile(r"StableDiffusion(XL)?(ControlNet)?(Inpaint)?Pipeline")


def conditions(pipeline: Any, requests: Sequence[PictureRequest], guidance: float) -> dict[str, Any]:
    """The arguments of a pipeline's call that say what to show, and, where guided, what not to."""
    encoders = len(_tokenizers(pipeline))
    guided = guidance > _unguided(pipeline)
    if encoders == 1:
        return _for_sd(pipeline, requests, guided=guided)
    if encoders == 2:
        return _for_sdxl(pipeline, requests, guided=guided)
    return _as_text(pipeline, requests, guided=guided)


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


def _for_sd(pipeline: Any, requests: Sequence[PictureRequest], *, guided: bool) -> dict[str, Any]:
    count = max(prompt_length(pipeline, request) for request in requests)

    def embed(texts: list[str]) -> torch.Tensor:
        chunks = [chunks_of(pipeline.tokenizer, text, count) for text in texts]
        return encode(pipeline.text_encoder, chunks, layer=None)[0]

    answer = {"prompt_embeds": embed([request.prompt for request in requests])}
    if guided:
        answer["negative_prompt_embeds"] = embed([request.negative_prompt for request in requests])
    return answer


def _for_sdxl(pipeline: Any, requests: Sequence[PictureRequest], *, guided: bool) -> dict[str, Any]:
    count = max(prompt_length(pipeline, request) for request in requests)
    states, pooled = _by_both_encoders(pipeline, [request.prompt for request in requests], count)
    answer = {"prompt_embeds": states, "pooled_prompt_embeds": pooled}
    if guided:
        negatives = [request.negative_prompt for request in requests]
        states, pooled = _by_both_encoders(pipeline, negatives, count)
        if pipeline.config.force_zeros_for_empty_prompt:
            # The model was trained with zeros, not with the embedding of nothing.
            said = torch.tensor([bool(text) for text in negatives], device=states.device)
            states, pooled = states * said[:, None, None], pooled * said[:, None]
        answer |= {"negative_prompt_embeds": states, "negative_pooled_prompt_embeds": pooled}
    return answer


def _by_both_encoders(pipeline: Any, texts: list[str], count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """SDXL reads the states of both its encoders side by side, and what the second one pools."""
    first = [chunks_of(pipeline.tokenizer, text, count) for text in texts]
    second = [chunks_of(pipeline.tokenizer_2, text, count) for text in texts]
    one, _ = encode(pipeline.text_encoder, first, layer=PENULTIMATE)
    other, pooled = encode(pipeline.text_encoder_2, second, layer=PENULTIMATE)
    return torch.cat([one, other], dim=-1), pooled


def _as_text(pipeline: Any, requests: Sequence[PictureRequest], *, guided: bool) -> dict[str, Any]:
    answer = {"prompt": [strip_weights(request.prompt) for request in requests]}
    if guided and "negative_prompt" in inspect.signature(pipeline.__call__).parameters:
        answer["negative_prompt"] = [strip_weights(request.negative_prompt) for request in requests]
    return answer
