"""Limits that a site sets for the quality gate."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from garden.settings.gate import limits_in


def test_it_reads_numbers_and_off() -> None:
    assert limits_in(["darkest=0.1", "most_yaw = off"]) == {"darkest": 0.1, "most_yaw": None}


@pytest.mark.parametrize("pair", ["darkest=dim", "darkest=-1", "darkest=", "darkest", "darkest=inf", "darkest=nan"])
def test_it_refuses_what_is_no_limit(pair: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="darkest must be `off` or a number"):
        limits_in([pair])


def test_it_names_the_limits_that_there_are() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"knows .*most_yaw.*not 'yaw'"):
        limits_in(["yaw=30"])
