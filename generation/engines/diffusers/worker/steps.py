"""The steps of a call: their sampler, the blocks that a faster mode leaves out, and reports of progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import diffusers
from diffusers import FirstBlockCacheConfig

from generation.engines.diffusers.cards import Speed


def hear_steps(
    on_share: Callable[[float], None], on_latents: Callable[[Any], None] = lambda latents: None
) -> Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]]:
    """A pipeline's `callback_on_step_end` that reports the latents, and the share that is done.

    Decoding counts as one step more.
    """

    def on_step_end(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        on_share(min(1.0, (step + 1) / (pipe.num_timesteps + 1)))
        on_latents(tensors["latents"])
        return tensors

    return on_step_end


SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {}),
    "dpm++2m-karras": ("DPMSolverMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler-a": ("EulerAncestralDiscreteScheduler", {}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "lcm": ("LCMScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
}


def choose_scheduler(pipeline: Any, name: str) -> None:
    """Swap the pipeline's sampler, keeping what the model was trained with; "" keeps its own."""
    if name:
        pipeline.scheduler = scheduler_like(pipeline.scheduler, name)


def scheduler_like(known: Any, name: str) -> Any:
    """A sampler of its own state for what a model was trained with; "" is one of the known kind."""
    cls, changes = SCHEDULERS[name] if name else (type(known).__name__, {})
    return getattr(diffusers, cls).from_config(known.config, **changes)


@contextmanager
def at_speed(pipeline: Any, speed: Speed) -> Iterator[None]:
    """Within it the pipeline works in this mode."""
    known = pipeline.scheduler
    pipeline.scheduler = scheduler_like(known, speed.scheduler) if speed.scheduler else known
    leave_out_blocks(pipeline, speed.cache)
    try:
        yield
    finally:
        pipeline.scheduler = known


def leave_out_blocks(pipeline: Any, threshold: float) -> None:
    """In steps whose first block changes less than `threshold`; 0 leaves out none. Nothing where diffusers cannot.

    The hooks stay for the next call in the same mode: others would be compiled again.
    """
    network: Any = getattr(pipeline, "transformer", None)
    if not hasattr(network, "enable_cache"):
        return
    wanted = FirstBlockCacheConfig(threshold) if threshold else None
    if network._cache_config != wanted:
        if network.is_cache_enabled:
            network.disable_cache()
        if wanted is not None:
            network.enable_cache(wanted)
    network._reset_stateful_cache()  # What a cancelled call left.
