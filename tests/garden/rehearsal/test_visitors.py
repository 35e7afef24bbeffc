"""A day of visitors is drawn beforehand, and looks like one."""

from random import Random

from garden.rehearsal.visitors import PREFIX, VisitPlan, plan_day
from garden.vocabulary import Emotion


def a_day(visitors: int = 500, seed: int = 1) -> list[VisitPlan]:
    return plan_day(visitors, mark="test", random=Random(seed))


def test_it_is_the_same_day_for_the_same_seed() -> None:
    assert a_day(seed=7) == a_day(seed=7) != a_day(seed=8)


def test_it_tells_its_visitors_from_real_ones() -> None:
    ids = [plan.id for plan in a_day()]
    assert len(set(ids)) == 500
    assert all(visitor.startswith(f"{PREFIX}test-") for visitor in ids)


def test_it_begins_with_a_rush() -> None:
    arrivals = [plan.arrives for plan in a_day()]
    assert arrivals == sorted(arrivals)
    assert sum(moment < 0.2 for moment in arrivals) > 150
    assert 0 <= arrivals[0] <= arrivals[-1] <= 1


def test_it_has_visitors_of_every_kind() -> None:
    day = a_day()
    assert {plan.mood for plan in day} == {emotion.value for emotion in Emotion}
    for kind in ("uses_camera", "nobody_at_first", "corrects", "leaves_early", "sends_to_wall", "takes_souvenir"):
        assert {getattr(plan, kind) for plan in day} == {True, False}


def test_it_lets_nobody_stay_for_ever() -> None:
    day = a_day(2000)
    assert all(1 <= len(plan.slates) <= 8 for plan in day)
    assert max(plan.seconds for plan in day) < 10 * 60
