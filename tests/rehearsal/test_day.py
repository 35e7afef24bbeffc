"""The visitors of a day are drawn beforehand, and come as on an opening day."""

from tools.rehearsal.kiosks import SimulatedVisitor, visitors_of_a_day
from tools.rehearsal.run import RehearsalPlan


def a_day(visitors: int = 500, seed: int = 1) -> list[SimulatedVisitor]:
    return visitors_of_a_day(visitors, name="test", seed=seed)


def scene(*, kiosks: int, minutes: float, visitors: int = 100) -> RehearsalPlan:
    return RehearsalPlan("http://127.0.0.1", kiosks, 0, "zone1", minutes, [], [b""], a_day(visitors))


def drawn(day: list[SimulatedVisitor]) -> list[tuple[float, float]]:
    return [(visitor.arrives, visitor.random.random()) for visitor in day]


def test_it_is_the_same_day_for_the_same_seed() -> None:
    assert drawn(a_day(seed=7)) == drawn(a_day(seed=7)) != drawn(a_day(seed=8))


def test_it_distinguishes_its_visitors_from_real_ones() -> None:
    ids = [visitor.id for visitor in a_day()]
    assert len(set(ids)) == 500
    assert all(visitor.startswith("rehearsal-test-") for visitor in ids)


def test_it_begins_with_a_rush() -> None:
    arrivals = [visitor.arrives for visitor in a_day()]
    assert arrivals == sorted(arrivals)
    assert sum(moment < 0.2 for moment in arrivals) > 150
    assert 0 <= arrivals[0] <= arrivals[-1] <= 1


def test_visits_go_by_faster_only_where_time_is_short() -> None:
    assert scene(kiosks=1, minutes=1).pace > 20
    assert scene(kiosks=20, minutes=600).pace == 1
