"""Retouches of one size go through the queue in one batch of the diffusion model, and stay what they are alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.backends import get_engine
from generation.engines.diffusers import DiffusersEngine
from generation.jobs import cancel_slot
from generation.models import Slot, Version
from generation.queue.worker import work
from generation.retouch import render
from generation.retouch.versions import PATCH, layer, open_image
from tests.generation.retouch.samples import ask, edit, picture

ROUNDING = 2


@pytest.mark.django_db
def test_retouches_by_a_diffusion_model_are_the_same_alone_and_together(
    tiny_sd: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(tiny_sd, settings, max_batch=2)
    calls = _count_calls(monkeypatch)
    together = _retouched()
    assert calls == [2, 1]
    alone = _retouched(alone=True)
    assert calls == [2, 1, 1, 1, 1]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(one - other).max() <= ROUNDING
    get_engine("diffusers").unload()


def _use(model: Path, settings: Any, *, max_batch: int) -> None:
    models = {"tiny": {"id": str(model), "kind": "sd", "native": 64}}
    options = {"models": models, "default_model": "tiny", "device": "cpu", "max_batch": max_batch}
    settings.GENERATION_ENGINES = {
        "diffusers": {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": options}
    }


def _count_calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    inpaint = DiffusersEngine.inpaint

    def counting(engine: DiffusersEngine, requests: Any, *arguments: Any) -> Any:
        calls.append(len(requests))
        return inpaint(engine, requests, *arguments)

    monkeypatch.setattr(DiffusersEngine, "inpaint", counting)
    return calls


def _retouched(*, alone: bool = False) -> list[NDArray[np.int64]]:
    chosen: dict[str, Any] = {"engine": "diffusers", "steps": 3}
    versions = ask(
        [
            edit(open_image(image=picture("x" * (number + 1)), by=None), **{**chosen, "seed": number})
            for number in range(3)
        ]
    )
    Slot.objects.filter(version__in=versions).update(alone=alone)
    assert work(engines=["diffusers"]) == 3
    return [layer(Version.objects.get(pk=version.pk), PATCH).astype(np.int64) for version in versions]


@pytest.mark.django_db
def test_a_retouch_cancelled_while_others_are_prepared_has_no_place_in_the_batch(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tiny_sd: Path
) -> None:
    _use(tiny_sd, settings, max_batch=3)
    calls = _count_calls(monkeypatch)
    versions = ask(
        [
            edit(open_image(image=picture("y" * (number + 1)), by=None), engine="diffusers", steps=2, seed=number)
            for number in range(3)
        ]
    )
    prepare_slot = render.prepare

    def prepare(version: Version, slot: Slot) -> render.Prepared:
        if version == versions[1]:
            cancel_slot(slot=slot)
        return prepare_slot(version, slot)

    monkeypatch.setattr(render, "prepare", prepare)
    assert work(engines=["diffusers"]) == 2
    assert calls == [2]
    states = [Slot.objects.get(version=version).state for version in versions]
    assert states == ["done", "cancelled", "done"]
    get_engine("diffusers").unload()
