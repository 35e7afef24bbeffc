"""A worker that is killed while it tells of an alarm: people hear of it all the same."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from garden.fleet import telling
from garden.fleet.telling import tell
from garden.models import Alarm, AlarmNotice
from tests.factories import KioskFactory
from tests.faults.killing import in_a_child
from tests.garden.fleet.receiver import Receiver, ReceiverHandler
from tests.services.local_http import local_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with local_server(ReceiverHandler) as server:
        server.fake = Receiver()
        settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_address[1]}/"
        yield server.fake


@pytest.mark.parametrize(
    ("step", "heard"), [("post_webhook", 1), ("_mark", 2)], ids=["before sending", "before marking"]
)
def test_a_notice_whose_teller_was_killed_is_sent_again(receiver: Receiver, step: str, heard: int) -> None:
    alarm = Alarm.objects.create(kiosk=KioskFactory.create(), kind="silent")
    AlarmNotice.objects.create(alarm=alarm, event="raised", channel="webhook")

    def die(*args: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def dying() -> None:
        with mock.patch.object(telling, step, die):
            tell()

    assert not in_a_child(dying)
    assert tell() == 0
    AlarmNotice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert tell() == 1
    assert receiver.raised == [f"{alarm.pk}-raised"] * heard
    assert AlarmNotice.objects.get().told_at
