"""An alarm's beginning and end are sent at least once, and once where no process dies in between."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from garden.fleet import alerts
from garden.fleet.alerts import deliver, delivery_error, has_due_events
from garden.fleet.rules import watch
from garden.models import Alarm, DeviceHealth
from garden.settings.connections import webhook
from garden.signed_post import sign
from garden.tasks import watch_fleet
from tests.garden.fleet.fleet import NOON, pass_time
from tests.garden.fleet.receiver import Receiver, ReceiverHandler
from tests.services.local_http import local_server
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with local_server(ReceiverHandler) as server:
        server.fake = Receiver()
        settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield server.fake


def silence(clock: Any, kiosks: int = 1) -> None:
    """So many kiosks that were heard once fall silent, until it is noticed."""
    DeviceHealth.objects.bulk_create(DeviceHealth(kiosk=KioskFactory.create()) for _ in range(kiosks))
    pass_time(clock, 135)


def speak_again(clock: Any) -> None:
    clock.shift(timedelta(seconds=15))
    DeviceHealth.objects.update(heard_at=NOON + timedelta(hours=1))
    watch()


def test_the_beginning_and_the_end_are_sent_once_each(clock: Any, receiver: Receiver) -> None:
    silence(clock)
    assert [deliver(), deliver()] == [1, 0]
    speak_again(clock)
    assert [deliver(), deliver()] == [1, 0]
    alarm = Alarm.objects.get()
    assert (receiver.raised, receiver.cleared) == ([f"{alarm.pk}-raised"], [f"{alarm.pk}-cleared"])
    assert alarm.notified_at
    assert alarm.end_notified_at
    assert not has_due_events()


def test_a_message_names_what_which_and_since_when(clock: Any, receiver: Receiver, settings: Any) -> None:
    settings.PUBLIC_URL = "https://garden.example"
    silence(clock)
    deliver()
    letter = receiver.letters[0][0]
    alarm = Alarm.objects.get()
    (event,) = letter["raised"]
    assert event == {
        "id": f"{alarm.pk}-raised",
        "device": "kiosk",
        "name": str(alarm.kiosk),
        "title": str(alarm.kiosk),
        "zone": "",
        "kind": "silent",
        "detail": "last heartbeat 11/21/2026 noon",
        "raised_at": "2026-11-21T12:02:15+00:00",
        "cleared_at": None,
    }
    assert letter["text"].startswith(f"⚠ Kiosk {alarm.kiosk} silent, since 11/21/2026 12:02 p.m.")


def test_a_message_is_signed_where_there_is_a_secret(clock: Any, receiver: Receiver, settings: Any) -> None:
    settings.ALERT_WEBHOOK_SECRET = "between us"
    silence(clock)
    deliver()
    _, headers, body = receiver.letters[0]
    at = headers["X-Garden-Timestamp"]
    assert headers["X-Garden-Signature"] == f"sha256={sign(body, at, 'between us')}"
    assert int(at) == int(Alarm.objects.get().raised_at.timestamp())


@pytest.mark.parametrize("status", [302, 500])
def test_what_was_not_accepted_is_sent_again_later_and_later(clock: Any, receiver: Receiver, status: int) -> None:
    receiver.status = status
    silence(clock)
    assert deliver() == 0
    assert not has_due_events()
    failed_at, waits = timezone.now(), []
    for _ in range(8):
        while not has_due_events():
            clock.shift(timedelta(seconds=15))
        waits.append((timezone.now() - failed_at).total_seconds())
        failed_at = timezone.now()
        assert [deliver(), deliver()] == [0, 0]
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert delivery_error() == f"the receiver answered {status}"
    receiver.status = 200
    clock.shift(timedelta(minutes=15))
    assert deliver() == 1
    assert delivery_error() == ""


def test_without_the_cache_what_was_not_accepted_is_sent_again_at_once_and_nothing_else(
    clock: Any, receiver: Receiver, settings: Any
) -> None:
    """What was delivered is known by the alarm itself."""
    settings.ALERT_EMAILS = ["ann@museum.example"]
    receiver.status = 500
    silence(clock)
    assert deliver() == 1
    cache.clear()
    receiver.status = 200
    assert deliver() == 1
    assert len(mail.outbox) == 1


def test_one_channel_that_fails_keeps_neither_the_other_nor_a_later_alarm_waiting(
    clock: Any, receiver: Receiver, settings: Any
) -> None:
    settings.ALERT_EMAILS = ["ann@museum.example"]
    receiver.status = 500
    silence(clock)
    assert deliver() == 1
    assert len(mail.outbox) == 1
    receiver.status = 200
    DeviceHealth.objects.create(kiosk=KioskFactory.create(), problem="hot", problem_at=NOON)
    clock.shift(timedelta(seconds=15))
    watch()
    assert deliver() == 3
    assert [event["kind"] for event in receiver.letters[-1][0]["raised"]] == ["silent", "problem"]


def test_the_address_of_an_unreachable_receiver_stays_secret(clock: Any, settings: Any, caplog: Any) -> None:
    settings.ALERT_WEBHOOK_URL = "http://127.0.0.1:9/hooks/between-us"
    silence(clock)
    assert deliver() == 0
    assert delivery_error() == "the receiver cannot be reached (ConnectionError)"
    assert "between-us" not in caplog.text


def test_forty_that_fail_together_are_one_mail(clock: Any, settings: Any) -> None:
    settings.ALERT_EMAILS = ["ann@museum.example", "desk@museum.example"]
    silence(clock, 40)
    deliver()
    (letter,) = mail.outbox
    assert letter.to == ["ann@museum.example", "desk@museum.example"]
    assert letter.subject == "Emotion Garden: 40 alarms"
    first, *lines = str(letter.body).split("\n")
    assert first == "No device sends heartbeats any more: check the network and the web server first."
    assert len(lines) == 40


def test_the_watch_enqueues_it(
    clock: Any,
    receiver: Receiver,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    silence(clock)
    sent: list[int] = []
    monkeypatch.setattr("garden.tasks.deliver_alarms.apply_async", lambda *args, **options: sent.append(deliver()))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            watch_fleet()
    assert sent == [1]


class KilledError(BaseException):
    """As SIGKILL: nothing below catches it."""


@pytest.mark.parametrize(("dies_at", "sent"), [("_post", 1), ("_mark", 2)])
def test_a_process_that_dies_before_sending_loses_nothing_and_after_it_repeats_once(
    clock: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, dies_at: str, sent: int
) -> None:
    silence(clock)

    def die(*args: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(alerts, dies_at, die)
        with pytest.raises(KilledError):
            deliver()
    assert deliver() == 0
    clock.shift(timedelta(seconds=alerts.LEASE_SECONDS))
    assert deliver() == 1
    assert receiver.raised == [f"{Alarm.objects.get().pk}-raised"] * sent


def test_a_quiet_device_is_reported_once_its_rest_is_over_unless_it_is_well_again(
    clock: Any, receiver: Receiver
) -> None:
    for hours in (1, 2):
        kiosk = KioskFactory.create()
        DeviceHealth.objects.create(kiosk=kiosk, quiet_until=NOON + timedelta(hours=hours))
    pass_time(clock, 150)
    assert Alarm.objects.count() == 2
    assert deliver() == 0
    clock.move_to(NOON + timedelta(hours=1))
    watch()
    assert deliver() == 1
    speak_again(clock)
    assert Alarm.objects.filter(cleared_at=None).count() == 0
    assert deliver() == 1
    assert (len(receiver.raised), len(receiver.cleared)) == (1, 1)


def test_a_channel_that_is_no_longer_wanted_is_forgotten(clock: Any, receiver: Receiver, settings: Any) -> None:
    receiver.status = 500
    silence(clock)
    deliver()
    settings.ALERT_WEBHOOK_URL = ""
    deliver()
    assert Alarm.objects.get().notified == {}


def test_alarms_go_to_https_or_this_machine_alone() -> None:
    for address in ("", "https://hooks.example.org/x", "http://127.0.0.1:8/x", "http://localhost/x"):
        assert webhook(address) == address
    for address in ("http://hooks.example.org/x", "ftp://127.0.0.1/", "hooks", "http://127.0.0.1.evil.example/"):
        with pytest.raises(ImproperlyConfigured, match="ALERT_WEBHOOK_URL must begin with https://"):
            webhook(address)
