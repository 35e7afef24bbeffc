"""Processes that read the ledger in any order, and are killed at any point, end in the state of one process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from garden.models import Image, Visitor
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.embedded.events import read_events
from recommend.backends.embedded.ledger_consumer import LedgerConsumer
from recommend.backends.embedded.snapshots import make_model, pack_model, rebuild_state, state_version, write
from recommend.bandit.priors import Priors
from recommend.models import Ledger, Snapshot
from tests.recommend.cast import describe, interact, plant

pytestmark = pytest.mark.django_db

PROCESSES = 3
DEEDS = ["like", "like", "dislike", "seen", "retry", "describe", "forget", "read", "die", "keep", "race"]
STEPS = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, PROCESSES - 1), st.integers(0, 5)), min_size=5, max_size=40
)


@pytest.fixture(autouse=True)
def memory_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three visitors who come and go, one is always to be recalled from the ledger."""
    monkeypatch.setattr("recommend.backends.embedded.snapshots.PRIORS", Priors(visitors=2))


def consumer() -> LedgerConsumer:
    return LedgerConsumer(make_model, state_version(), poll_seconds=0)


def state_of(process: LedgerConsumer) -> bytes:
    with process.at_head() as (model, _):
        return pack_model(model)


def state_of_one_process() -> bytes:
    """Everything folded from the beginning, nothing remembered, nothing killed."""
    model, ledger = make_model(), Ledger.objects.current()
    for entry in read_events(after=0, to=ledger.head, base=ledger.base):
        entry.teach(model)
    return pack_model(model)


@dataclass
class World:
    """Six pictures, three visitors, and processes that read, end and write snapshots on request."""

    images: list[Image] = field(default_factory=lambda: plant(6))
    processes: list[LedgerConsumer] = field(default_factory=lambda: [consumer() for _ in range(PROCESSES)])
    reported: int = 0

    def step(self, what: str, who: int, which: int) -> None:
        shown = [self.images[(which + offset) % 6] for offset in range(3)]
        visitor = f"visitor-{who}"
        deeds: dict[str, Callable[[], object]] = {
            "like": lambda: self.interact(visitor, shown[which % 3], shown, liked=True),
            "dislike": lambda: self.interact(visitor, shown[which % 3], shown, liked=False),
            "seen": lambda: self.interact(visitor, None, shown),
            "retry": lambda: self.say_twice(visitor, shown[0], shown),
            "describe": lambda: self.describe(shown[0]),
            "forget": lambda: Visitor.objects.filter(pk=visitor).delete(),
            "read": lambda: state_of(self.processes[who]),
            "die": lambda: self.die(who),
            "keep": lambda: self.processes[who].save_state(events=1, seconds=0),
            "race": self.race,
        }
        deeds[what]()

    def interact(self, visitor: str, item: Image | None, shown: list[Image], **more: object) -> None:
        self.reported += 1
        interact(visitor, item, *shown, **{"event_id": str(self.reported), **more})  # type: ignore[arg-type]

    def say_twice(self, visitor: str, item: Image, shown: list[Image]) -> None:
        for _ in range(2):
            self.interact(visitor, item, shown, event_id="same")

    def describe(self, image: Image) -> None:
        if not image.descriptions.exists():
            describe(image, f"picture number {image.pk}")

    def die(self, who: int) -> None:
        """Killed after the commit, before it learned; another one starts in its place."""
        self.processes[who] = consumer()

    def race(self) -> None:
        """Two processes write the snapshot of one position."""
        for process in self.processes[:2]:
            with process.at_head() as (model, position):
                write(model, state_version(), Ledger.objects.current().epoch, position)


class SameState(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=STEPS)
    def test_every_interleaving_with_kills_ends_in_the_state_of_one_process(
        self, steps: list[tuple[str, int, int]]
    ) -> None:
        world = World()
        for what, who, which in steps:
            world.step(what, who, which)
        expected = state_of_one_process()
        assert [state_of(process) == expected for process in [*world.processes, consumer()]] == [True] * 4
        assert rebuild_state(dry_run=True).same


def test_a_snapshot_at_one_position_is_one_and_only_the_newest_few_are_kept() -> None:
    a, b = plant(2)
    process = consumer()
    for number in range(5):
        interact(f"visitor-{number}", a, a, b)
        for one in (process, consumer()):
            with one.at_head() as (model, position):
                write(model, state_version(), 1, position)
    assert list(Snapshot.objects.order_by("position").values_list("position", flat=True)) == [3, 4, 5]


def test_a_process_far_behind_jumps_to_the_newest_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommend.backends.embedded.ledger_consumer.FAR_BEHIND", 3)
    a, b = plant(2)
    idle = consumer()
    interact("ann", a, a, b)
    before = state_of(idle)
    for number in range(6):
        interact(f"visitor-{number}", a, a, b)
    consumer().save_state(events=1, seconds=0)
    interact("bob", b, a, b)
    read = CaptureQueriesContext(connection)
    with read:
        assert state_of(idle) == state_of_one_process() != before
    assert any("recommend_snapshot" in query["sql"] for query in read)


def test_a_snapshot_that_cannot_be_read_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    consumer().save_state(events=1, seconds=0)
    interact("bob", b, a, b)
    consumer().save_state(events=1, seconds=0)
    newest = Snapshot.objects.newest()
    assert newest is not None
    Snapshot.objects.filter(pk=newest.pk).update(state=b"junk")
    assert state_of(consumer()) == state_of_one_process()
    assert "cannot be read" in caplog.text


def test_snapshots_of_another_version_are_not_read() -> None:
    (a,) = plant(1)
    interact("ann", a)
    Snapshot.objects.create(version="another", epoch=1, position=1, state=b"junk")
    assert state_of(consumer()) == state_of_one_process()


def test_a_snapshot_is_saved_after_so_many_events_or_so_long_a_time() -> None:
    (a,) = plant(1)
    process = consumer()
    assert not process.save_state(events=2, seconds=3_600)  # Nothing was learned yet.
    interact("ann", a)
    assert process.save_state(events=2, seconds=3_600)  # There is none at all yet.
    interact("bob", a)
    assert not process.save_state(events=2, seconds=3_600)
    assert process.save_state(events=2, seconds=0)
    interact("cho", a)
    interact("dan", a)
    assert process.save_state(events=2, seconds=3_600)


def test_a_new_epoch_is_noticed_by_every_process_and_sees_pictures_as_they_are_now() -> None:
    a, b, alike = plant(3)
    for number in range(10):
        interact(f"visitor-{number}", a, a, b)
    for image, prompt in ((a, "a red rose"), (b, "a grey whale"), (alike, "a red rose")):
        describe(image, prompt)
    process = consumer()
    before = state_of(process)
    assert rebuild_state().same
    assert state_of(process) == before
    rebuild_state(renew=True)
    assert state_of(process) != before
    assert state_of(process) == state_of_one_process()


def test_an_impression_that_cannot_be_learned_does_not_end_all_learning(caplog: pytest.LogCaptureFixture) -> None:
    a, b = plant(2)
    broken = interact("ann", a, a, b)
    assert broken is not None
    broken.impressions = [{**broken.impressions[0], "positions": [0]}]
    broken.save()
    interact("bob", b, a, b)
    process = consumer()
    with process.at_head() as (model, position):
        assert (model.learned, position) == (1, 2)
    assert "cannot be read" in caplog.text


def run(*options: str) -> str:
    out = StringIO()
    call_command("rebuild_recommender", *options, stdout=out, verbosity=0)
    return out.getvalue()


def teach() -> None:
    a, b = plant(2)
    interact("ann", a, a, b)
    EmbeddedRecommender(snapshot_events=1).save_state()
    interact("bob", b, a, b)


def test_a_dry_run_says_that_it_is_what_was_learned_one_by_one() -> None:
    teach()
    assert run("--dry-run") == "Learned up to number 2: the same as before.\n"
    assert Ledger.objects.current().epoch == 1


def test_a_dry_run_fails_when_a_snapshot_led_elsewhere() -> None:
    teach()
    other = EmbeddedRecommender()
    with other.consumer.at_head() as (model, _):
        model.joint.mean[0] += 1
    other.consumer.save_state(events=1, seconds=0)
    with pytest.raises(SystemExit) as stop:
        run("--dry-run")
    assert stop.value.code == 1


def test_it_begins_an_epoch_with_a_snapshot_that_every_process_goes_on_from() -> None:
    teach()
    running = EmbeddedRecommender(poll_seconds=0)
    with running.consumer.at_head() as (model, _):
        model.joint.mean[0] += 1  # Spoilt.
    run()
    ledger, snapshot = Ledger.objects.current(), Snapshot.objects.get()
    assert (ledger.epoch, snapshot.epoch, snapshot.position) == (2, 2, 2)
    with running.consumer.at_head() as (model, _), EmbeddedRecommender().consumer.at_head() as (fresh, _):
        assert (model.joint.mean == fresh.joint.mean).all()


def test_an_empty_ledger_is_rebuilt_too() -> None:
    assert run() == "Learned up to number 0: the same as before.\n"
    assert run("--renew") == "Learned up to number 0: renewed.\n"
