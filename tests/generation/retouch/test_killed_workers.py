"""A version is made once, whatever happens to its worker: the lease decides who finishes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from generation.engines.base import ignore_steps
from generation.models import Slot, Version
from generation.queue import leases
from generation.queue.handlers import handler_of
from generation.queue.worker import _keep, work
from generation.retouch.versions import compose, open_image
from tests.generation.retouch.easel import ask, edit, picture

pytestmark = pytest.mark.django_db


def test_what_a_silent_worker_left_is_made_by_another_and_its_own_late_answer_is_refused() -> None:
    [version] = ask([edit(open_image(image=picture(), by=None))])
    lease = leases.claim(worker="dead", engines=["quick"])
    assert lease is not None
    [late] = handler_of(lease.slots[0]).work(lease.slots, ignore_steps)
    Slot.objects.update(lease_deadline=timezone.now() - timedelta(seconds=1))
    assert leases.requeue_expired() == 1
    assert work(engines=["quick"]) == 1
    done_at = Version.objects.get(pk=version.pk).done_at
    assert not _keep(lease.slots[0], lease, late)
    assert Version.objects.get(pk=version.pk).done_at == done_at


def test_a_worker_that_died_after_writing_files_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    [version] = ask([edit(open_image(image=picture(), by=None))])

    def die(**described: Any) -> bool:
        raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr("generation.queue.worker.finish", die)
        assert work(engines=["quick"]) == 0
    version.refresh_from_db()
    assert (version.done_at, version.canvas.head) == (None, None)
    Slot.objects.update(attempt=0, state="queued", lease_token=None, lease_deadline=None)
    assert work(engines=["quick"]) == 1
    version.refresh_from_db()
    assert version.state == "done"
    assert compose(version).shape == (120, 160, 3)
