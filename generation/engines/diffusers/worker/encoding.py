"""What a CLIP text encoder makes of weighted prompts."""

from collections.abc import Sequence
from typing import Any

import torch

from generation.engines.diffusers.worker.chunks import Chunk

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
