"""Credits that come each day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from generation.credits import credited_until, refilled, site_day, standing_of
from generation.queue.worker import work
from tests.generation.conftest import _quick_engine
from tests.generation.credits.purse import QUICK, curator, retouch

__all__ = ["_quick_engine"]
MONDAY, TUESDAY, FRIDAY = (date(2026, 11, day) for day in (16, 17, 20))


@pytest.mark.parametrize(
    ("balance", "day", "today", "expected"),
    [
        (0, None, MONDAY, 5),
        (2, MONDAY, MONDAY, 2),
        (2, MONDAY, TUESDAY, 7),
        (2, MONDAY, FRIDAY, 12),
        (12, MONDAY, TUESDAY, 12),
        (80, MONDAY, TUESDAY, 80),
        (-1, MONDAY, TUESDAY, 4),
        (2, FRIDAY, MONDAY, 2),
        (0, date(1, 1, 1), date(9999, 12, 31), 12),
    ],
)
def test_each_day_brings_its_credits_up_to_the_ceiling(
    balance: int, day: date | None, today: date, expected: int
) -> None:
    assert refilled(balance, day, today, daily=5, most=12) == expected


def test_a_day_is_never_credited_twice_unless_the_clock_was_far_ahead() -> None:
    assert credited_until(None, MONDAY) == MONDAY
    assert credited_until(TUESDAY, MONDAY) == TUESDAY
    assert credited_until(FRIDAY, MONDAY) == MONDAY


@pytest.mark.parametrize(("zone", "day"), [("UTC", 20), ("Asia/Seoul", 21), ("America/New_York", 20)])
def test_the_day_is_the_site_s_own(settings: Any, zone: str, day: int) -> None:
    settings.TIME_ZONE = zone
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), tick=False):
        assert site_day() == date(2026, 11, day)


@pytest.mark.django_db
def test_credits_come_at_the_site_s_midnight_and_not_before(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    with time_machine.travel(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), tick=False) as clock:
        cleo = curator(daily=3)
        retouch(cleo, pictures=3)
        work(engines=QUICK)
        assert standing_of(cleo).left == 0
        clock.move_to(datetime(2026, 11, 20, 14, 59, tzinfo=UTC))
        assert standing_of(cleo).left == 0
        clock.move_to(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
        assert standing_of(cleo).left == 3
        retouch(cleo)
        assert standing_of(cleo).left == 2
