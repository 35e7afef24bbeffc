"""What is measured, and what is made of it."""

import pytest

from garden.rehearsal.freshness import NEVER, Freshness, Sent
from garden.rehearsal.measuring import Measurements, Sample, percentile


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_it_takes_the_nearest_rank(share: float, value: int) -> None:
    assert percentile(range(1, 101), share) == value


def test_it_has_no_percentile_of_nothing() -> None:
    assert percentile([], 0.95) == 0.0


def test_it_counts_problems_beside_the_times_of_a_route() -> None:
    measured = Measurements()
    for milliseconds, problem in ((10, ""), (20, ""), (30, "503")):
        measured.note(Sample("POST /emotion", milliseconds / 1000, 100, problem))
    [row] = measured.rows(seconds=2)
    assert (row.requests, row.problems, row.bytes, row.per_second) == (3, {"503": 1}, 300, 1.5)
    assert (row.p50_ms, row.p95_ms, row.max_ms) == (20.0, 30.0, 30.0)


def test_it_measures_each_wall_that_a_picture_was_sent_to() -> None:
    freshness = Freshness()
    for wall, slot in (("one", "1h"), ("its mirror", "1h"), ("another", "2h")):
        freshness.hang(wall, slot)
    freshness.sent.append(Sent(version=5, slots=("1h",), at=10.0))
    freshness.shown("one", "1h", 5, 10.4)
    freshness.shown("its mirror", "1h", 5, 10.9)
    freshness.shown("another", "2h", 5, 99.0)
    assert freshness.delays() == [pytest.approx(0.4), pytest.approx(0.9)]


def test_it_counts_a_wall_that_saw_only_a_later_version() -> None:
    freshness = Freshness()
    freshness.hang("one", "1h")
    freshness.sent.append(Sent(version=5, slots=("1h",), at=10.0))
    freshness.shown("one", "1h", 4, 10.1)
    freshness.shown("one", "1h", 7, 11.0)
    assert freshness.delays() == [pytest.approx(1.0)]


def test_it_says_never_of_a_wall_that_did_not_follow() -> None:
    freshness = Freshness()
    freshness.hang("one", "1h")
    freshness.sent.append(Sent(version=5, slots=("1h",), at=10.0))
    assert freshness.delays() == [NEVER]
