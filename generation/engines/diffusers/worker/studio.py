"""The one pipeline that a worker process keeps loaded."""

import gc
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import torch

from generation.engines.diffusers.plan import Plan
from generation.engines.diffusers.worker.devices import device_for, dtype_for
from generation.engines.diffusers.worker.loading import load_pipeline
from generation.engines.diffusers.worker.memory import clean_up, room_for

LOCK = RLock()
"""Held while a pipeline works: it has a scheduler's state in it and serves one call at a time."""


@dataclass(slots=True)
class Studio:
    """A loaded pipeline, and what was learned of the memory that pictures take beside it."""

    plan: Plan
    device: torch.device
    pipeline: Any
    ceilings: dict[tuple[int, int], int] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    """What was made of the pipeline's parts for other work, and networks that only this work needs."""

    def batch_size(self, width: int, height: int, most: int | None) -> int:
        """Pictures of this size in pixels that are made together; `most` is the site's own bound."""
        fit = room_for(self.device, dtype_for(self.plan, self.device), width, height)
        wanted = fit if most is None else most if self.device.type == "cpu" else min(fit, most)
        return min(wanted, self.ceilings.get((width, height), wanted))

    def learn(self, width: int, height: int, size: int) -> None:
        """Memory ran out above this size: do not try again what failed."""
        self.ceilings[width, height] = size


_open: list[Studio] = []


def studio_for(plan: Plan) -> Studio:
    """The loaded pipeline of a plan; another one makes room for it first. Raises EngineUnavailableError."""
    with LOCK:
        if not _open or _open[0].plan != plan:
            close()
            device = device_for(plan.device)
            _open.append(Studio(plan, device, load_pipeline(plan, device)))
        return _open[0]


def is_open(plan: Plan) -> bool:
    """Whether the pipeline of this plan is the loaded one."""
    return any(studio.plan == plan for studio in _open)


def expected_batch(plan: Plan, width: int, height: int, most: int | None) -> int:
    """The batch size that is to be expected, without loading the model for the question."""
    if _open and _open[0].plan == plan:
        return _open[0].batch_size(width, height, most)
    device = device_for(plan.device)
    if device.type == "cpu":
        return most or 1
    fit = room_for(device, dtype_for(plan, device), width, height, reserved=plan.card.memory)
    return min(fit, most or fit)


def close() -> None:
    """Forget the pipeline and give its memory back."""
    with LOCK:
        _open.clear()
        gc.collect()
        clean_up()
