from datetime import timedelta

import pytest
from django.utils import timezone

from generation.models import Slot, Worker
from generation.queue.leases import claim
from generation.tasks import make_pictures, sweep
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


def test_a_message_makes_what_waits_and_a_second_one_nothing() -> None:
    ask_for(3)
    assert make_pictures("quick") == 3
    assert make_pictures("quick") == 0


def test_the_sweeper_gives_back_what_a_silent_worker_held() -> None:
    job = ask_for(1)
    claim(worker="dead", engines=["quick"])
    Slot.objects.update(lease_deadline=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert job.slots.get().state == "queued"
    assert sweep() == 0


def test_the_sweeper_forgets_workers_that_are_long_gone() -> None:
    Worker.objects.create(name="gone", last_seen_at=timezone.now() - timedelta(days=2))
    Worker.objects.create(name="here")
    sweep()
    assert Worker.objects.get().name == "here"
