"""The verdict says what was wanted, what was found, and whether that is enough."""

from garden.rehearsal.freshness import Sent
from garden.rehearsal.measuring import Sample
from garden.rehearsal.report import as_data, as_lines
from garden.rehearsal.running import Rehearsal, Scene
from garden.rehearsal.verdict import Target, judge
from tests.garden.rehearsal.test_visitors import a_day


def a_rehearsal(visitors: int = 4) -> Rehearsal:
    scene = Scene("http://127.0.0.1", 2, 1, "zone1", 1.0, [], [b""], a_day(visitors))
    return Rehearsal(scene, seconds=10.0, visited=visitors)


def verdict(rehearsal: Rehearsal) -> dict[str, Target]:
    return {target.what: target for target in judge(rehearsal, rehearsal.measurements.rows(10.0))}


def test_it_is_met_when_nobody_waited_long() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.note(Sample("POST /emotion", 0.499, 10))
    assert all(target.met for target in verdict(rehearsal).values())
    assert as_data(rehearsal, finished=True)["met"]


def test_it_is_missed_when_one_of_ten_waited_too_long() -> None:
    rehearsal = a_rehearsal()
    for seconds in [0.1] * 9 + [0.6]:
        rehearsal.measurements.note(Sample("POST /emotion", seconds, 10))
    assert verdict(rehearsal)["POST /emotion p95"] == Target("POST /emotion p95", "≤ 500 ms", "600 ms", met=False)
    assert "MISSED  POST /emotion p95: 600 ms (wanted: ≤ 500 ms)" in as_lines(rehearsal)


def test_one_error_is_one_too_many() -> None:
    rehearsal = a_rehearsal()
    rehearsal.measurements.note(Sample("POST /like", 0.01, 10, "500"))
    assert not verdict(rehearsal)["errors"].met


def test_a_device_that_ended_early_is_an_error() -> None:
    rehearsal = a_rehearsal()
    rehearsal.crashed.append("KeyError: 'slots'")
    assert not verdict(rehearsal)["errors"].met
    assert "A device ended early: KeyError: 'slots'" in as_lines(rehearsal)


def test_a_visitor_who_never_had_their_turn_is_missed() -> None:
    rehearsal = a_rehearsal()
    rehearsal.visited = 3
    assert verdict(rehearsal)["visitors served"].found == "3"
    assert not verdict(rehearsal)["visitors served"].met


def test_a_wall_that_never_followed_is_missed() -> None:
    rehearsal = a_rehearsal()
    rehearsal.freshness.hang("wall 0", "1h")
    rehearsal.freshness.sent.append(Sent(version=2, slots=("1h",), at=1.0))
    assert verdict(rehearsal)["picture on the wall p95"].found == "0.00 s, 1 never"
    assert not verdict(rehearsal)["picture on the wall p95"].met


def test_a_day_that_was_stopped_has_not_met_its_targets() -> None:
    assert not as_data(a_rehearsal(), finished=False)["met"]


def test_visits_go_by_faster_only_where_time_is_short() -> None:
    short = Rehearsal(Scene("http://127.0.0.1", 1, 0, "zone1", 1.0, [], [b""], a_day(100)))
    long = Rehearsal(Scene("http://127.0.0.1", 20, 0, "zone1", 600.0, [], [b""], a_day(100)))
    assert short.pace > 20
    assert long.pace == 1
