"""Slots are claimed, leased, finished once and given back, whatever workers and clocks do."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from garden.models import Image
from generation.engines.base import UnsupportedSizeError
from generation.jobs import (
    cancel_job,
    cancel_slot,
    pause_job,
    resume_job,
    retry_failed,
    retry_slot,
    submit_job,
)
from generation.models import GenerationJob, Slot
from generation.queue.leases import Lease, claim, fail, finish, release, renew, requeue_expired
from tests.generation.jobs import ask_for, wanted
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


QUICK = ["quick"]


def take(batch_size: int = 1, worker: str = "w1") -> Lease:
    lease = claim(worker=worker, engines=QUICK, batch_size=lambda slot: batch_size)
    assert lease is not None
    return lease


def states(job: GenerationJob) -> list[str]:
    return list(job.slots.order_by("index").values_list("state", flat=True))


def fall_silent(lease: Lease) -> None:
    lease.held.update(lease_deadline=timezone.now() - timedelta(seconds=1))


def picture(slot: Slot) -> Image:
    made: Image = ImageFactory.create(key=slot.key)
    return made


class TestClaiming:
    def test_it_gives_each_slot_to_one_worker(self) -> None:
        ask_for(3)
        taken = [slot.index for worker in "abc" for slot in take(worker=worker).slots]
        assert sorted(taken) == [0, 1, 2]
        assert claim(worker="d", engines=QUICK) is None

    def test_it_gives_compatible_slots_in_one_batch(self) -> None:
        ask_for(3, name="small", size=64)
        ask_for(3, name="large", size=128)
        assert [(slot.width, slot.index) for slot in take(batch_size=5).slots] == [(64, 0), (64, 1), (64, 2)]

    def test_a_slot_to_be_made_alone_joins_no_batch(self) -> None:
        job = ask_for(3)
        job.slots.filter(index=1).update(alone=True)
        assert [[slot.index for slot in take(batch_size=3).slots] for _ in range(2)] == [[0, 2], [1]]

    def test_it_gives_only_what_the_worker_s_engines_can_make(self) -> None:
        ask_for(1)
        assert claim(worker="w", engines=["diffusers"]) is None

    def test_it_puts_single_pictures_before_bulk_and_visitors_before_both(self) -> None:
        for name, priority in (("bulk", 50), ("single", 10), ("kiosk", 0)):
            ask_for(1, name=name, priority=GenerationJob.Priority(priority))
        assert [take().slots[0].job.title for _ in range(3)] == ["kiosk", "single", "bulk"]

    def test_it_gives_each_owner_an_equal_share(self, ann: Any, ben: Any) -> None:
        ask_for(6, name="ann", owner=ann)
        ask_for(2, name="ben", owner=ben)
        first_four = [take().slots[0].job.title for _ in range(4)]
        assert sorted(first_four) == ["ann", "ann", "ben", "ben"]

    def test_it_counts_attempts(self) -> None:
        ask_for(1)
        assert take().slots[0].attempt == 1


class TestLeases:
    def test_it_finishes_nothing_for_a_worker_whose_lease_went_to_another(self) -> None:
        ask_for(1)
        late = take(worker="late")
        fall_silent(late)
        requeue_expired()
        other = take(worker="other")
        image = picture(other.slots[0])
        assert not finish(slot=late.slots[0], lease=late, image=image, seconds=1)
        assert not renew(lease=late)
        assert not fail(slot=late.slots[0], lease=late, error="x")
        assert finish(slot=other.slots[0], lease=other, image=image, seconds=1)

    def test_it_finishes_a_slot_once(self) -> None:
        ask_for(1)
        lease = take()
        image = picture(lease.slots[0])
        assert [finish(slot=lease.slots[0], lease=lease, image=image, seconds=1) for _ in range(2)] == [True, False]

    def test_it_keeps_a_renewed_lease_from_the_sweeper(self) -> None:
        job = ask_for(1)
        lease = take()
        fall_silent(lease)
        assert renew(lease=lease, progress=0.5)
        assert requeue_expired() == 0
        assert job.slots.get().progress == 0.5

    def test_it_gives_back_what_a_stopping_worker_did_not_finish(self) -> None:
        job = ask_for(2)
        lease = take(batch_size=2)
        finish(slot=lease.slots[0], lease=lease, image=picture(lease.slots[0]), seconds=1)
        assert release(lease=lease) == 1
        assert states(job) == ["done", "queued"]
        assert job.slots.get(index=1).attempt == 0


class TestFailures:
    def test_it_fails_a_slot_whose_workers_keep_falling_silent(self, settings: Any) -> None:
        settings.GENERATION_MAX_ATTEMPTS = 2
        job = ask_for(1)
        for state in ("queued", "failed"):
            fall_silent(take())
            assert requeue_expired() == 1
            assert states(job) == [state]
        assert "stopped responding" in job.slots.get().error

    def test_it_retries_failed_slots_with_all_their_attempts(self) -> None:
        job = ask_for(2)
        lease = take()
        fail(slot=lease.slots[0], lease=lease, error="x", permanent=True)
        assert retry_failed(job=job) == 1
        assert states(job) == ["queued", "queued"]
        assert set(job.slots.values_list("attempt", "error")) == {(0, "")}


class TestControl:
    def test_it_begins_nothing_of_a_paused_job_and_finishes_what_was_begun(self) -> None:
        job = ask_for(2)
        lease = take()
        pause_job(job=job)
        assert claim(worker="w2", engines=QUICK) is None
        assert finish(slot=lease.slots[0], lease=lease, image=picture(lease.slots[0]), seconds=1)
        resume_job(job=job)
        assert take().slots[0].index == 1

    def test_it_withdraws_a_cancelled_job_from_its_workers(self) -> None:
        job = ask_for(3)
        lease = take()
        finish(slot=lease.slots[0], lease=lease, image=picture(lease.slots[0]), seconds=1)
        running = take()
        cancel_job(job=job)
        assert states(job) == ["done", "cancelled", "cancelled"]
        assert not renew(lease=running)

    def test_it_withdraws_one_picture_and_leaves_the_others_to_their_worker(self) -> None:
        job = ask_for(4)
        lease = take(batch_size=2)
        first, second = lease.slots
        assert cancel_slot(slot=first)
        assert states(job) == ["cancelled", "leased", "queued", "queued"]
        assert not finish(slot=first, lease=lease, image=picture(first), seconds=1)
        assert finish(slot=second, lease=lease, image=picture(second), seconds=1)
        assert not cancel_slot(slot=second)
        job.refresh_from_db()
        assert job.control == GenerationJob.Control.ACTIVE

    def test_a_picture_that_was_cancelled_alone_stays_cancelled_when_its_worker_sends_no_heartbeats(self) -> None:
        job = ask_for(2)
        lease = take()
        cancel_slot(slot=lease.slots[0])
        fall_silent(lease)
        requeue_expired()
        assert states(job) == ["cancelled", "queued"]

    def test_a_job_whose_pictures_were_all_cancelled_is_a_cancelled_one_until_one_is_tried_again(self) -> None:
        job = ask_for(2)
        slots = list(job.slots.all())
        for slot in slots:
            cancel_slot(slot=slot)
        job.refresh_from_db()
        assert job.control == GenerationJob.Control.CANCELLED
        assert retry_slot(slot=slots[0])
        job.refresh_from_db()
        assert job.control == GenerationJob.Control.ACTIVE

    def test_slots_of_an_expired_lease_stay_paused_in_a_paused_job(self) -> None:
        job = ask_for(1)
        lease = take()
        pause_job(job=job)
        fall_silent(lease)
        requeue_expired()
        assert states(job) == ["paused"]


class TestSubmitting:
    def test_it_is_one_job_however_often_the_same_request_comes(self) -> None:
        first, second = (ask_for(2, request_key="bulk-1") for _ in range(2))
        assert first == second
        assert Slot.objects.count() == 2

    def test_it_saves_nothing_when_a_size_cannot_be_made(self) -> None:
        with pytest.raises(UnsupportedSizeError, match="width must be a multiple of 8"):
            submit_job(title="odd", pictures=[*wanted(2), *wanted(1, name="odd", size=65)])
        assert not GenerationJob.objects.exists()
        assert not Slot.objects.exists()


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
