"""Samplers by the names that cards use."""

from typing import Any

import diffusers

SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {}),
    "dpm++2m-karras": ("DPMSolverMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler-a": ("EulerAncestralDiscreteScheduler", {}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "euler-trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
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
