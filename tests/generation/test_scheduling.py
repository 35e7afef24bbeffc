"""Fair shares of time with few changes of the loaded model: one worker, several owners, a model for each."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import OnStep, Picture, ignore_steps
from generation.jobs import submit_job
from generation.models import GenerationJob, Slot
from generation.queue.leases import claim, finish
from generation.queue.scheduling import MAX_WAIT_SECONDS, MODEL_SECONDS, WINDOW, Candidate, Loaded, choose
from generation.queue.worker import ModelUsage, work
from tests.generation.jobs import wanted
from tests.generation.quick_engine import QuickEngine

RELOAD = 30.0


@dataclass
class Simulation:
    """Owners who all want pictures of a model of their own without an end, and one worker; times in seconds."""

    models: list[str]
    lease: list[float]
    now: float = 0.0
    loaded: str | None = None
    since: float = 0.0

    def __post_init__(self) -> None:
        self.last = [0.0] * len(self.models)
        self.made: list[tuple[float, float, int]] = []
        self.changes: list[float] = []
        self.longest_wait = 0.0

    def run(self, seconds: float) -> "Simulation":
        while self.now < seconds:
            self.step()
        return self

    def step(self) -> None:
        chosen = choose(self.candidates(), Loaded(lambda engine, model: model == self.loaded, self.now - self.since))
        owner = chosen.owner
        if changed := chosen.model != self.loaded:
            self.changes.append(self.now)
            self.now += RELOAD
        self.longest_wait = max(self.longest_wait, self.now - self.last[owner])
        self.now += self.lease[owner]
        self.last[owner] = self.now
        self.made.append((self.now, self.lease[owner], owner))
        if changed:
            self.loaded, self.since = chosen.model, self.now

    def candidates(self) -> list[Candidate]:
        since = self.now - WINDOW.total_seconds()
        served = [0.0] * len(self.models)
        for at, seconds, owner in reversed(self.made):
            if at < since:
                break
            served[owner] += seconds
        return [
            Candidate(50, owner, "diffusers", model, owner, served[owner], self.now - self.last[owner])
            for owner, model in enumerate(self.models)
        ]


class TestShares:
    def test_two_owners_with_two_models_get_equal_time_and_few_changes(self) -> None:
        run = Simulation(["a", "b"], [20.0, 20.0]).run(3600)
        time = [sum(seconds for _, seconds, owner in run.made if owner == which) for which in (0, 1)]
        assert min(time) / max(time) > 0.9
        assert len(run.made) > 100
        assert len(run.changes) < len(run.made) / 4

    def test_shares_are_of_time_and_not_of_pictures(self) -> None:
        run = Simulation(["a", "b"], [2.0, 20.0]).run(3600)
        time = [sum(seconds for _, seconds, owner in run.made if owner == which) for which in (0, 1)]
        assert min(time) / max(time) > 0.75

    @given(
        lease=st.lists(st.floats(0.5, 90), min_size=1, max_size=5),
        names=st.lists(st.sampled_from("abc"), min_size=5, max_size=5),
    )
    def test_changes_lie_apart_and_nobody_starves(self, lease: list[float], names: list[str]) -> None:
        run = Simulation(names[: len(lease)], lease).run(7200)
        assert all(later - earlier >= MODEL_SECONDS for earlier, later in itertools.pairwise(run.changes))
        turn = MODEL_SECONDS + RELOAD + 2 * max(lease)
        assert run.longest_wait <= MAX_WAIT_SECONDS + len(lease) * turn

    @given(seconds=st.floats(0, 1000), served=st.floats(0, 600), unserved=st.floats(0, 600))
    def test_what_is_urgent_waits_for_no_model(self, seconds: float, served: float, unserved: float) -> None:
        bulk = Candidate(50, 1, "diffusers", "a", 1, 0.0, unserved)
        urgent = Candidate(0, 2, "diffusers", "b", 2, served, 0.0)
        assert choose([bulk, urgent], Loaded(lambda engine, model: model == "a", seconds)) is urgent


class LoadingEngine(QuickEngine):
    """Holds one model, and counts how often it is changed."""

    loads: ClassVar[list[str]] = []

    def is_loaded(self, model: str) -> bool:
        return self.loads[-1:] == [model]

    def make(self, requests: Any, on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        if not self.is_loaded(requests[0].model):
            self.loads.append(requests[0].model)
        return super().make(requests, on_step)


@pytest.fixture
def _two_owners(settings: Any, ann: Any, ben: Any) -> None:
    LoadingEngine.loads.clear()
    settings.GENERATION_ENGINES = {"quick": {"BACKEND": f"{__name__}.LoadingEngine", "OPTIONS": {}}}
    for owner in (ann, ben):
        name = owner.username
        submit_job(title=name, pictures=wanted(20, name=name, model=f"model-{name}"), owner=owner)


@pytest.mark.django_db
@pytest.mark.usefixtures("_two_owners")
class TestInTheDatabase:
    def test_ten_leases_of_two_owners_with_two_models_load_each_model_once(self) -> None:
        assert work(engines=["quick"]) == 40
        assert sorted(LoadingEngine.loads) == ["model-ann", "model-ben"]

    def test_an_owner_does_not_wait_until_the_other_s_job_is_done(self) -> None:
        order = [owner for owner, _ in leases(10, seconds=30)]
        assert set(order[:5]) == {"ann", "ben"}
        assert sum(first != second for first, second in itertools.pairwise(order)) <= 4

    def test_a_picture_that_a_visitor_waits_for_is_next_whatever_is_loaded(self) -> None:
        leases(1, seconds=1)
        Slot.objects.filter(job__title="ben", index=7).update(priority=GenerationJob.Priority.KIOSK)
        loaded = Loaded(lambda engine, model: model == "model-ann", 1.0)
        lease = claim(worker="w", engines=["quick"], batch_size=lambda slot: 4, loaded=loaded)
        assert lease is not None
        assert [(slot.job.title, slot.index) for slot in lease.slots] == [("ben", 7)]


def _is_held(held: list[str], engine: str, model: str) -> bool:
    return held[-1:] == [model]


def leases(count: int, *, seconds: float) -> list[tuple[str, datetime]]:
    """Claim and finish: each lease takes so long, by the clock of the database and of the worker."""
    held: list[str] = []
    since = timezone.now()
    order = []
    with time_machine.travel(since, tick=False) as clock:
        for _ in range(count):
            now = timezone.now()
            loaded = Loaded(partial(_is_held, held), (now - since).total_seconds())
            lease = claim(worker="w", engines=["quick"], batch_size=lambda slot: 4, loaded=loaded)
            assert lease is not None
            clock.shift(timedelta(seconds=seconds))
            for slot in lease.slots:
                finish(slot=slot, lease=lease, image=None, seconds=seconds / len(lease.slots))
            if held[-1:] != [lease.slots[0].model]:
                held.append(lease.slots[0].model)
                since = timezone.now()
            order.append((lease.slots[0].job.title, now))
    return order


def test_a_process_notes_when_its_model_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 100.0, 107.0, 200.0])
    monkeypatch.setattr("generation.queue.worker.time.monotonic", lambda: next(clock))
    models = ModelUsage()
    models.note(Slot(engine="quick", model="a"))
    assert models.loaded().seconds == 7.0
    models.note(Slot(engine="quick", model="a"))
    assert models.loaded().seconds == 100.0
