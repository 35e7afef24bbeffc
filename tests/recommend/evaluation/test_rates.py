import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from recommend.evaluation.estimators import Rate, lift


@given(st.integers(1, 500).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_its_interval_is_wilsons(counts: tuple[int, int]) -> None:
    hits, tries = counts
    expected = binomtest(hits, tries).proportion_ci(method="wilson")
    rate = Rate(hits, tries)
    assert (rate.low, rate.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= rate.low <= hits / tries <= rate.high <= 1


def test_nothing_tried_is_nothing_known() -> None:
    assert (Rate(0, 0).value, Rate(0, 0).low, Rate(0, 0).high) == (None, 0.0, 1.0)


def test_a_lift_is_a_ratio_with_an_interval() -> None:
    found = lift(Rate(300, 1_000), Rate(200, 1_000))
    assert found is not None
    assert found.value == pytest.approx(0.5)
    assert found.low < 0.5 < found.high
    assert found.low > 0
    assert lift(Rate(3, 10), Rate(0, 10)) is None
