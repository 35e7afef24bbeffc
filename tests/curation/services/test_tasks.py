"""Bulk operations that no worker finished are sent again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from curation import tasks
from curation.models import BulkOperation
from curation.services.operations import AT_ONCE
from garden.models import Image
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


def waiting(minutes: int, state: str = "running") -> BulkOperation:
    image = ImageFactory.create()
    moved = timezone.now() - timedelta(minutes=minutes)
    operation = BulkOperation.objects.create(kind="remove", total=AT_ONCE + 1, state=state, moved_at=moved)
    operation.items.create(image=image, key=image.key)
    return operation


def test_the_clock_sends_again_acts_that_nobody_moved(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    silent = {waiting(3).pk, waiting(3, "queued").pk}
    waiting(1), waiting(3, "done"), waiting(3, "failed")
    sent: set[str] = set()
    monkeypatch.setattr(tasks.carry_out, "apply_async", lambda arguments, **options: sent.update(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.sweep_operations() == 2
    assert sent == {str(operation) for operation in silent}


def test_a_message_that_comes_twice_does_the_act_once() -> None:
    operation = waiting(3)
    for _ in range(2):
        tasks.carry_out(str(operation.pk))
    operation.refresh_from_db()
    assert operation.state == "done"
    assert Image.objects.in_trash().count() == 1
    assert operation.releases.count() == 1
