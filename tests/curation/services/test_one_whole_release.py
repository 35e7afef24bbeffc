"""Whatever curators do and in whatever order, a garden serves exactly the set of its live release."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from curation.models import BulkOperation, Release
from curation.services.operations import (
    publish_images,
    purge_trash,
    remove_images,
    restore_images,
    roll_back,
    undo_operation,
    withdraw_images,
)
from curation.services.releases import diff
from garden.models import Image
from tests.curation.cast import picture, rows_without_file, serving

pytestmark = pytest.mark.django_db
GARDEN = "calm"
State = Image.State
some = st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True)


class Curators(RuleBasedStateMachine):
    """`history[n]` is what release n served; the model knows sets, the services know deltas."""

    def __init__(self) -> None:
        super().__init__()
        Image.objects.all().delete()
        Release.objects.all().delete()
        BulkOperation.objects.filter(kind=BulkOperation.Kind.UNDO).delete()
        BulkOperation.objects.all().delete()
        planted = [picture(f"emotions/{GARDEN}/planted_{n}_0h.jpeg") for n in range(2)]
        for n in range(6):
            picture(f"imgPool/{GARDEN}/img_{n}_0h.jpeg", published_at=None)
        self.history: list[set[str]] = [{image.key for image in planted}]
        self.undoable: list[tuple[BulkOperation, set[str], int]] = []

    @rule(which=some)
    def publish(self, which: list[int]) -> None:
        self.do(publish_images, which, Image.objects.filter(state__in=[State.POOL, State.SHELVED]))

    @rule(which=some)
    def remove(self, which: list[int]) -> None:
        self.do(remove_images, which, Image.objects.exclude(state=State.TRASH))

    @rule(which=some)
    def withdraw(self, which: list[int]) -> None:
        self.do(withdraw_images, which, Image.objects.serving())

    @rule(which=some)
    def restore(self, which: list[int]) -> None:
        self.do(restore_images, which, Image.objects.in_trash())

    @rule(number=st.integers(0, 100))
    def return_to(self, number: int) -> None:
        number %= len(self.history)
        wanted = {key for key in self.history[number] if self.exists(key)}
        before = serving()
        operation = roll_back(garden=GARDEN, number=number, by=None)
        self.note(operation, before)
        assert serving() == wanted

    @precondition(lambda self: self.undoable)
    @rule()
    def undo_the_last(self) -> None:
        operation, before, made = self.undoable.pop()
        if len(self.history) - 1 == made:  # Nothing else changed the garden since: exactly the old one comes back.
            undo_operation(operation=operation, by=None)
            self.follow()
            assert serving() == {key for key in before if self.exists(key)}
        else:
            undo_operation(operation=operation, by=None)
            self.follow()

    @rule()
    def purge(self) -> None:
        purge_trash(older_than=timedelta(0))

    def do(self, verb: Callable[..., BulkOperation], which: list[int], fitting: Any) -> None:
        there = list(fitting.order_by("id").values_list("pk", flat=True))
        before = serving()
        self.note(verb(images=[there[n] for n in which if n < len(there)], by=None), before)

    def note(self, operation: BulkOperation, before: set[str]) -> None:
        assert operation.state == "done", operation.error
        self.follow()
        self.undoable.append((operation, before, len(self.history) - 1))

    def follow(self) -> None:
        """Each new release is one whole set."""
        if Release.objects.count() == len(self.history):
            self.history.append(serving())

    def exists(self, key: str) -> bool:
        return Image.objects.filter(key=key).exists()

    @invariant()
    def it_serves_the_live_release(self) -> None:
        assert Release.objects.count() == len(self.history) - 1
        assert serving() == {key for key in self.history[-1] if self.exists(key)}

    @invariant()
    def every_release_can_be_told_from_its_deltas(self) -> None:
        for number, then in enumerate(self.history):
            found = diff(garden=GARDEN, first=number, second=len(self.history) - 1)
            now = self.history[-1]
            assert set(found.added) == now - then
            assert set(found.removed) == then - now

    @invariant()
    def no_row_is_without_its_file(self) -> None:
        assert rows_without_file() == []

    @invariant()
    def no_original_waits_in_the_pool_while_its_copy_is_served(self) -> None:
        assert not Image.objects.pool().filter(published_as__state=State.SERVING).exists()


def test_any_sequence_of_acts_leaves_a_garden_serving_exactly_its_live_release() -> None:
    run_state_machine_as_test(
        Curators,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
