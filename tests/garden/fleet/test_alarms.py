"""The life of an alarm: raised once, and over by itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from garden.fleet.rules import troubles_of, watch
from garden.models import Alarm, DeviceHealth, Display, Kiosk, Zone
from tests.garden.fleet.fleet import NOON, beat, pass_time, speaker, zone
from tests.support.factories import KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def wall(api: APIClient) -> Callable[..., None]:
    """A display says how it is."""
    zone()

    def speak(number: int = 1, **message: Any) -> None:
        assert beat(api, display=f"zone1/{number}h", **message).status_code == 204

    return speak


def opened() -> list[tuple[str, str]]:
    return [(str(alarm.display or alarm.kiosk), alarm.kind) for alarm in Alarm.objects.filter(cleared_at=None)]


def test_a_device_that_sends_no_heartbeats_raises_one_alarm_until_its_next_heartbeat(clock: Any, wall: Any) -> None:
    wall()
    pass_time(clock, 120)
    assert opened() == []
    pass_time(clock, 15)
    assert opened() == [("zone1/1h", "silent")]
    pass_time(clock, 600)
    assert Alarm.objects.count() == 1
    pass_time(clock, 15, wall)
    assert opened() == []
    assert Alarm.objects.get().cleared_at == NOON + timedelta(seconds=750)
    pass_time(clock, 150)
    assert Alarm.objects.count() == 2


def test_a_problem_alarms_once_it_lasts(clock: Any, wall: Any) -> None:
    def troubled() -> None:
        wall(problem="the storage is full")

    troubled()
    pass_time(clock, 105, troubled)
    assert opened() == []
    pass_time(clock, 15, troubled)
    assert opened() == [("zone1/1h", "problem")]
    assert Alarm.objects.get().detail == "the storage is full"
    pass_time(clock, 15, wall)
    assert opened() == []


def test_a_display_that_shows_an_old_picture_alarms(clock: Any, wall: Any) -> None:
    def stuck() -> None:
        Zone.objects.update(version=Zone.objects.get().version + 1)
        wall(zone_version=0)

    stuck()
    pass_time(clock, 120, stuck)
    assert opened() == [("zone1/1h", "behind")]
    pass_time(clock, 15, lambda: wall(zone_version=Zone.objects.get().version))
    assert opened() == []


def test_a_display_that_keeps_coming_after_a_busy_zone_does_not(clock: Any, wall: Any) -> None:
    def late() -> None:
        version = Zone.objects.get().version
        Zone.objects.update(version=version + 1)
        wall(zone_version=version)

    pass_time(clock, 600, late)
    assert not Alarm.objects.exists()


def test_a_silent_device_keeps_the_alarm_it_had(clock: Any, wall: Any) -> None:
    pass_time(clock, 150, lambda: wall(problem="hot"))
    pass_time(clock, 150)
    assert sorted(kind for _, kind in opened()) == ["problem", "silent"]


def test_a_device_that_never_sent_a_heartbeat_raises_no_alarm(clock: Any) -> None:
    KioskFactory.create()
    Display.objects.create(zone=zone(), number=1, orientation="landscape")
    pass_time(clock, 600)
    assert not Alarm.objects.exists()


def test_an_inactive_device_is_not_missed_and_its_alarm_ends(clock: Any, wall: Any) -> None:
    kiosk: Kiosk = KioskFactory.create()
    beat(speaker(kiosk), on_screen="attract")
    wall()
    pass_time(clock, 150)
    assert len(opened()) == 2
    Kiosk.objects.update(is_active=False)
    Display.objects.update(is_active=False)
    pass_time(clock, 15)
    assert opened() == []


def test_a_site_that_was_off_misses_nobody_until_they_had_time_to_send(clock: Any, wall: Any) -> None:
    for seconds in (45, 75, 105, 115, 135, 200, 36_000):
        pass_time(clock, 150, wall)
        clock.shift(timedelta(seconds=seconds))
        watch()
        pass_time(clock, 30)
        pass_time(clock, 15, wall)
    assert not Alarm.objects.exists()


def test_who_was_silent_before_the_site_was_off_or_stays_so_after_it_is_missed_once(clock: Any, wall: Any) -> None:
    wall()
    pass_time(clock, 150)
    clock.shift(timedelta(hours=10))
    pass_time(clock, 300)
    assert Alarm.objects.count() == 1
    assert opened() == [("zone1/1h", "silent")]
    pass_time(clock, 300, wall)
    clock.shift(timedelta(hours=10))
    watch()
    pass_time(clock, 150)
    assert opened() == [("zone1/1h", "silent")]


def test_a_busy_watch_finds_the_silent_ones_later_but_finds_them(clock: Any, wall: Any) -> None:
    wall()
    for _ in range(4):
        clock.shift(timedelta(seconds=75))
        watch()
    assert opened() == [("zone1/1h", "silent")]


def test_two_watchers_raise_one_alarm(clock: Any, wall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wall()
    pass_time(clock, 120)
    clock.shift(timedelta(seconds=15))
    judge = troubles_of

    def other_watcher_first(health: DeviceHealth, **about: Any) -> dict[str, str]:
        Alarm.objects.get_or_create(display=health.display, kind="silent", cleared_at=None)
        return judge(health, **about)

    monkeypatch.setattr("garden.fleet.rules.troubles_of", other_watcher_first)
    assert not watch()
    monkeypatch.undo()
    assert watch()
    assert len(opened()) == 1


def test_it_asks_as_often_for_fifty_devices_as_for_one(
    clock: Any, settings: Any, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    settings.ALERT_EMAILS = ["ann@museum.example"]
    DeviceHealth.objects.bulk_create(DeviceHealth(kiosk=KioskFactory.create()) for _ in range(50))
    pass_time(clock, 120)
    clock.shift(timedelta(seconds=15))
    with django_assert_max_num_queries(12):
        watch()
    assert len(opened()) == 50
    clock.shift(timedelta(seconds=15))
    DeviceHealth.objects.update(heard_at=NOON + timedelta(seconds=150))
    with django_assert_max_num_queries(14):
        watch()
    assert opened() == []
