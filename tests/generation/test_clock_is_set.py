"""Leases and waits that a wrong clock wrote hold nothing back for long."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from generation.models import Slot
from generation.queue.leases import claim, fail, finish, renew, requeue_expired
from tests.factories import ImageFactory
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db
QUICK = ["quick"]


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def test_a_dead_workers_slot_does_not_wait_for_the_hour_to_come_again(clock: Any) -> None:
    ask_for(1)
    assert claim(worker="dead", engines=QUICK)
    clock.shift(-timedelta(hours=1))
    assert requeue_expired() == 1
    assert claim(worker="next", engines=QUICK)


def test_a_living_worker_keeps_its_slot_when_the_clock_is_set_back(clock: Any) -> None:
    ask_for(1)
    lease = claim(worker="living", engines=QUICK)
    assert lease
    clock.shift(-timedelta(hours=1))
    assert renew(lease=lease)
    assert requeue_expired() == 0


@pytest.mark.parametrize("skew", [-300, 300])
def test_clocks_of_two_machines_may_differ_by_minutes(clock: Any, skew: int, settings: Any) -> None:
    settings.GENERATION_LEASE_SECONDS = 600
    ask_for(1)
    assert claim(worker="there", engines=QUICK)
    clock.shift(skew)
    assert requeue_expired() == 0


def test_a_slot_taken_away_by_a_clock_set_forward_is_stored_once(clock: Any) -> None:
    ask_for(1)
    first = claim(worker="first", engines=QUICK)
    clock.shift(timedelta(days=1))
    assert requeue_expired() == 1
    second = claim(worker="second", engines=QUICK)
    assert first
    assert second
    (slot,) = second.slots
    image = ImageFactory.create(key=slot.key)
    assert finish(slot=slot, lease=second, image=image, seconds=1.0)
    assert not finish(slot=slot, lease=first, image=image, seconds=1.0)


def test_a_wait_that_was_written_in_the_future_is_over(clock: Any) -> None:
    ask_for(1)
    lease = claim(worker="w", engines=QUICK)
    assert lease
    assert fail(slot=lease.slots[0], lease=lease, error="away", wait=30.0)
    assert claim(worker="w", engines=QUICK) is None
    clock.shift(-timedelta(days=1))
    assert claim(worker="w", engines=QUICK)


def test_no_wait_is_longer_than_an_hour(clock: Any, settings: Any) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 50
    ask_for(1)
    Slot.objects.update(attempt=20)
    lease = claim(worker="w", engines=QUICK)
    assert lease
    assert fail(slot=lease.slots[0], lease=lease, error="away", wait=30.0)
    clock.shift(timedelta(hours=1))
    assert claim(worker="w", engines=QUICK)
