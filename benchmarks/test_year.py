"""The arithmetic of the simulated year."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.year import DAYS, Assumed, expected_visits, processors, rows_bytes, simulate

FLAT = replace(Assumed(), sites=10, summer=0.0, weekend=1.0, closed_mondays=0.0)


def test_weekends_and_mondays_and_july_differ() -> None:
    assert expected_visits(FLAT, date(2027, 3, 3)) == 10 * 2 * 120
    assumed = replace(FLAT, weekend=2.0, closed_mondays=0.5, summer=0.25)
    monday, saturday = expected_visits(assumed, date(2027, 7, 12)), expected_visits(assumed, date(2027, 7, 17))
    assert saturday / monday == pytest.approx(4.0, rel=0.01)
    assert (
        expected_visits(assumed, date(2027, 7, 14))
        > 1.2 * 2400
        > 2400 * 0.8
        > expected_visits(assumed, date(2027, 1, 13))
    )


def test_the_months_sum_to_the_year() -> None:
    months = simulate(FLAT)
    visits = sum(month.visits for month in months)
    assert len(months) == 12
    assert visits == pytest.approx(DAYS * 2400, rel=0.01)
    assert sum(month.photos for month in months) == pytest.approx(visits * 0.7)
    assert sum(month.likes for month in months) == pytest.approx(visits * 2.2)
    assert sum(month.made for month in months) == pytest.approx(10 * 60 * DAYS / 7)
    assert months[-1].pictures == pytest.approx(10 * 60 * 0.4 * DAYS / 7)


def test_what_is_forgotten_takes_no_room() -> None:
    visits = np.full(100, 10)
    assumed = replace(FLAT, visitor_days=10, slate_days=20, record_days=50, likes_a_visit=1.0, slates_a_visit=1.0)
    assumed = replace(assumed, with_camera=1.0, visitor_bytes=1.0, slate_bytes=1.0, like_bytes=1.0, record_bytes=1.0)
    assert rows_bytes(assumed, visits) == 10 * (100 + 10 + 20 + 50)


def test_a_month_costs_what_its_parts_cost() -> None:
    month = simulate(FLAT)[0]
    parts = month.cpus * 730 * 0.045 + month.gpu_hours * 1.0 + 180 + month.database_gb * 0.115
    assert month.dollars == pytest.approx(parts + month.storage_gb * 0.023 + month.cdn_gb * 0.085)
    photos_kept = month.photos * 250 / 1e6
    assert month.peer_dollars - month.dollars == pytest.approx(month.photos * 0.001 + photos_kept * 0.023)


def test_processors_are_for_the_busiest_hour() -> None:
    assumed = replace(FLAT, busiest_hour=0.2, cpu_seconds_a_visit=0.5, busy=0.25)
    assert processors(assumed, 36_000) == 4
    assert processors(assumed, 10) == 2


def test_the_same_seed_is_the_same_year() -> None:
    assert simulate(FLAT, seed=3) == simulate(FLAT, seed=3) != simulate(FLAT, seed=4)
