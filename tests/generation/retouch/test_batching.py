"""Retouches of one size with the same settings are given to the engine in one call, and stay what they are alone."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from generation.engines.base import InpaintRequest, OnStep, Picture, ignore_steps
from generation.engines.painter import PainterEngine
from generation.models import Slot, Version
from generation.queue.worker import work
from generation.retouch.settings import Crop
from generation.retouch.versions import PATCH, layer, open_image
from tests.generation.quick_engine import QuickEngine
from tests.generation.retouch.samples import CROP, ask, edit, picture

pytestmark = pytest.mark.django_db
TALL = Crop(30, 20, 72, 96)


class CountingEngine(QuickEngine):
    calls: ClassVar[list[int]] = []

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        self.calls.append(len(requests))
        return super().inpaint(requests, on_step)


class PainterInBatches(PainterEngine):
    def batch_size(self, request: Any) -> int:
        return 4


@pytest.fixture(autouse=True)
def _engines(settings: Any) -> None:
    CountingEngine.calls = []
    settings.GENERATION_ENGINES = {
        "quick": {"BACKEND": f"{__name__}.CountingEngine", "OPTIONS": {}},
        "painter": {"BACKEND": f"{__name__}.PainterInBatches", "OPTIONS": {}},
    }


def retouch(*settings: dict[str, Any], crops: Sequence[Crop] = ()) -> list[Version]:
    """One picture each."""
    edits = []
    for number, chosen in enumerate(settings):
        canvas = open_image(image=picture("x" * (number + 1)), by=None)
        edits.append(edit(canvas, crop=crops[number] if crops else CROP, seed=number, **chosen))
    return ask(edits)


def test_it_gives_crops_of_one_size_to_the_engine_together() -> None:
    retouch(*[{}] * 5)
    assert work(engines=["quick"]) == 5
    assert CountingEngine.calls == [4, 1]
    assert not Version.objects.filter(done_at=None).exists()


def test_it_gives_the_engine_only_the_same_settings_together() -> None:
    retouch({}, {"strength": 0.5}, {"strength": 0.5}, {"strength": 0})
    assert work(engines=["quick"]) == 4
    assert CountingEngine.calls == [1, 2]


def test_the_one_that_cannot_be_made_fails_alone_and_those_before_and_after_it_are_made(settings: Any) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 1
    versions = retouch(*[{}] * 4)
    Slot.objects.filter(version=versions[1]).update(prompt="bad")
    assert work(engines=["quick"]) == 3
    states = [Version.objects.get(pk=version.pk).state for version in versions]
    assert states == ["done", "failed", "done", "done"]


@pytest.mark.parametrize("crops", [(), (Crop(30, 20, 80, 72), TALL, Crop(30, 20, 80, 72))])
def test_a_painted_retouch_is_the_same_alone_and_in_a_batch(crops: Sequence[Crop]) -> None:
    chosen = [{"engine": "painter", "prompt": [word]} for word in ("calm sea", "roses", "snow")]
    together = patches(retouch(*chosen, crops=crops))
    alone = retouch(*chosen, crops=crops)
    Slot.objects.filter(version__in=alone).update(alone=True)
    for one, other in zip(together, patches(alone), strict=True):
        assert np.array_equal(one, other)


def patches(versions: Sequence[Version]) -> list[NDArray[np.uint8]]:
    assert work(engines=["painter"]) == len(versions)
    return [layer(Version.objects.get(pk=version.pk), PATCH) for version in versions]
