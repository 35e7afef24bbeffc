"""Samplers by the names that cards use."""

from typing import Any

import diffusers

SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "unipc": ("UniPCMultistepScheduler", {}),
}


def choose_scheduler(pipeline: Any, name: str) -> None:
    """Swap the pipeline's sampler, keeping what the model was trained with; "" keeps its own."""
    if name:
        cls, changes = SCHEDULERS[name]
        pipeline.scheduler = getattr(diffusers, cls).from_config(pipeline.scheduler.config, **changes)
