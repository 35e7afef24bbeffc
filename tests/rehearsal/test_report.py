"""The verdict says what was wanted, what was found, and whether that is enough."""

from threading import Event

import pytest

from benchmarks.rehearsal.client import Client, Measurements, Sample
from benchmarks.rehearsal.devices import Day, Wall
from benchmarks.rehearsal.kiosks import Kiosk, Sent
from benchmarks.rehearsal.report import Report, Target
from benchmarks.rehearsal.run import Rehearsal, Scene, wall_delays
from tests.rehearsal.test_day import a_day

ADDRESS = "http://127.0.0.1"


def kiosk(*sent: Sent, visits: int = 0) -> Kiosk:
    day = Day(1.0, Measurements(), Event())
    client = Client(ADDRESS, "", day.measurements)
    kiosk = Kiosk(client, day, faces=[b""], nobody=b"", zone="zone1", orientation="portrait")
    kiosk.sent, kiosk.visits = list(sent), visits
    return kiosk


def wall(slot: str, *shown: tuple[int, float]) -> Wall:
    day = Day(1.0, Measurements(), Event())
    wall = Wall(Client(ADDRESS, "", day.measurements), day, zone="zone1", slot=slot)
    wall.shown = list(shown)
    return wall


def a_rehearsal(visitors: int = 4, visited: int = 4) -> Rehearsal:
    scene = Scene(ADDRESS, 2, 1, "zone1", 1.0, [], [b""], a_day(visitors))
    return Rehearsal(scene, seconds=10.0, kiosks=[kiosk(visits=visited - 1), kiosk(visits=1)])


def verdict(rehearsal: Rehearsal) -> dict[str, Target]:
    return {target.what: target for target in Report(rehearsal).targets}


def test_it_is_met_when_nobody_waited_long() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.samples.append(Sample("POST /emotion", 0.499, 10))
    assert all(target.met for target in verdict(rehearsal).values())
    assert Report(rehearsal).data()["met"]


def test_it_is_missed_when_one_of_ten_waited_too_long() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.samples += [Sample("POST /emotion", seconds, 10) for seconds in [0.1] * 9 + [0.6]]
    assert verdict(rehearsal)["POST /emotion p95"] == Target("POST /emotion p95", "≤ 500 ms", "600 ms", met=False)
    assert "MISSED  POST /emotion p95: 600 ms (wanted: ≤ 500 ms)" in Report(rehearsal).lines()


def test_one_error_is_one_too_many() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.samples.append(Sample("POST /like", 0.01, 10, "500"))
    assert not verdict(rehearsal)["errors"].met


def test_a_device_that_ended_early_is_an_error() -> None:
    rehearsal = a_rehearsal()
    rehearsal.crashed.append("KeyError: 'slots'")
    assert not verdict(rehearsal)["errors"].met
    assert "A device ended early: KeyError: 'slots'" in Report(rehearsal).lines()


def test_a_visitor_who_never_had_their_turn_is_missed() -> None:
    rehearsal = a_rehearsal(visited=3)
    assert verdict(rehearsal)["visitors served"].found == "3"
    assert not verdict(rehearsal)["visitors served"].met


def test_a_wall_that_never_followed_is_missed() -> None:
    rehearsal = a_rehearsal()
    rehearsal.walls.append(wall("1h"))
    rehearsal.kiosks[0].sent.append(Sent(version=2, slots=("1h",), at=1.0))
    assert verdict(rehearsal)["picture on the wall p95"].found == "0.00 s, 1 never"
    assert not verdict(rehearsal)["picture on the wall p95"].met


def test_a_day_that_was_stopped_has_not_met_its_targets() -> None:
    assert not Report(a_rehearsal(), finished=False).data()["met"]


def test_it_measures_each_wall_that_a_picture_was_sent_to() -> None:
    walls = [wall("1h", (5, 10.4)), wall("1h", (5, 10.9)), wall("2h", (5, 99.0))]
    sent = Sent(version=5, slots=("1h",), at=10.0)
    assert list(wall_delays([kiosk(sent)], walls)) == [pytest.approx(0.4), pytest.approx(0.9)]


def test_it_counts_a_wall_that_saw_only_a_later_version() -> None:
    sent = Sent(version=5, slots=("1h",), at=10.0)
    assert list(wall_delays([kiosk(sent)], [wall("1h", (4, 10.1), (7, 11.0))])) == [pytest.approx(1.0)]
