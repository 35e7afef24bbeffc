"""The verdict says what was wanted, what was found, and whether that is enough."""

from threading import Event

import pytest

from tests.rehearsal.test_day import a_day
from tools.rehearsal.client import Client, Measurements, RequestSample
from tools.rehearsal.devices import Day, Wall
from tools.rehearsal.kiosks import Sent, SimulatedKiosk
from tools.rehearsal.report import RehearsalReport, RehearsalTarget
from tools.rehearsal.run import Rehearsal, RehearsalPlan, wall_delays

ADDRESS = "http://127.0.0.1"


def kiosk(*sent: Sent, visits: int = 0) -> SimulatedKiosk:
    day = Day(1.0, Measurements(), Event())
    client = Client(ADDRESS, "", day.measurements)
    kiosk = SimulatedKiosk(client, day, faces=[b""], nobody=b"", zone="zone1", orientation="portrait")
    kiosk.sent, kiosk.visits = list(sent), visits
    return kiosk


def wall(slot: str, *shown: tuple[int, float]) -> Wall:
    day = Day(1.0, Measurements(), Event())
    wall = Wall(Client(ADDRESS, "", day.measurements), day, zone="zone1", slot=slot)
    wall.shown = list(shown)
    return wall


def a_rehearsal(visitors: int = 4, visited: int = 4) -> Rehearsal:
    scene = RehearsalPlan(ADDRESS, 2, 1, "zone1", 1.0, [], [b""], a_day(visitors))
    return Rehearsal(scene, seconds=10.0, kiosks=[kiosk(visits=visited - 1), kiosk(visits=1)])


def verdict(rehearsal: Rehearsal) -> dict[str, RehearsalTarget]:
    return {target.what: target for target in RehearsalReport(rehearsal).targets}


def test_it_is_met_when_nobody_waited_long_and_the_day_was_finished() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.samples.append(RequestSample("POST /emotion", 0.499, 10))
    assert all(target.met for target in verdict(rehearsal).values())
    assert RehearsalReport(rehearsal).data()["met"]
    assert not RehearsalReport(rehearsal, finished=False).data()["met"]


def test_it_is_missed_when_one_of_ten_waited_too_long() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.samples += [RequestSample("POST /emotion", seconds, 10) for seconds in [0.1] * 9 + [0.6]]
    assert verdict(rehearsal)["POST /emotion p95"] == RehearsalTarget(
        "POST /emotion p95", "≤ 500 ms", "600 ms", met=False
    )
    assert "MISSED  POST /emotion p95: 600 ms (wanted: ≤ 500 ms)" in RehearsalReport(rehearsal).lines()


def test_it_is_missed_after_one_error_one_crashed_device_one_visitor_or_one_wall_left_out() -> None:
    erring, crashing, missing, waiting = a_rehearsal(), a_rehearsal(), a_rehearsal(visited=3), a_rehearsal()
    erring.measurements.samples.append(RequestSample("POST /like", 0.01, 10, "500"))
    assert not verdict(erring)["errors"].met
    crashing.crashed.append("KeyError: 'slots'")
    assert not verdict(crashing)["errors"].met
    assert "A device ended early: KeyError: 'slots'" in RehearsalReport(crashing).lines()
    assert (verdict(missing)["visitors served"].found, verdict(missing)["visitors served"].met) == ("3", False)
    waiting.walls.append(wall("1h"))
    waiting.kiosks[0].sent.append(Sent(version=2, slots=("1h",), at=1.0))
    delay = verdict(waiting)["picture on the wall p95"]
    assert (delay.found, delay.met) == ("0.00 s, 1 never", False)


def test_it_measures_each_wall_by_the_first_version_with_the_picture() -> None:
    walls = [wall("1h", (5, 10.4)), wall("1h", (4, 10.1), (7, 11.0)), wall("2h", (5, 99.0))]
    sent = Sent(version=5, slots=("1h",), at=10.0)
    assert list(wall_delays([kiosk(sent)], walls)) == [pytest.approx(0.4), pytest.approx(1.0)]
