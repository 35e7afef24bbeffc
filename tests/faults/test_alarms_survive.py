"""A worker that is killed while it tells of an alarm: people hear of it all the same."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.utils import timezone

from garden.fleet import alerts
from garden.fleet.alerts import deliver
from garden.models import Alarm
from tests.faults.killing import in_a_child
from tests.garden.fleet.receiver import Receiver, ReceiverHandler
from tests.services.local_http import local_server
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shared_cache(settings: Any, tmp_path: Path) -> None:
    """Of the killed process and this one."""
    default = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with local_server(ReceiverHandler) as server:
        server.fake = Receiver()
        settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_address[1]}/"
        yield server.fake


@pytest.mark.parametrize(("step", "heard"), [("_post", 1), ("_mark", 2)], ids=["before sending", "before marking"])
def test_a_notice_whose_sender_was_killed_is_sent_again(receiver: Receiver, step: str, heard: int) -> None:
    alarm = Alarm.objects.create(kiosk=KioskFactory.create(), kind="silent", notified={"webhook": ""})

    def die(*args: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def dying() -> None:
        with mock.patch.object(alerts, step, die):
            deliver()

    assert not in_a_child(dying)
    assert deliver() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=alerts.LEASE_SECONDS)):
        assert deliver() == 1
    assert receiver.raised == [f"{alarm.pk}-raised"] * heard
    assert Alarm.objects.get().notified_at
