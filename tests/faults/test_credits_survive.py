"""Credits of a retouch that was killed with `kill -9` at any step: never held for nothing, never charged twice."""

from pathlib import Path

import pytest

from tests.faults.deaths import deaths

WAITING = {"left": 2, "balance": 3, "held": 1, "charged": 0, "done": 0}
PAID = {"left": 2, "balance": 2, "held": 0, "charged": 1, "done": 1}
NOTHING = {"left": 3, "balance": 3, "held": 0, "charged": 0, "done": 0}
BOTH_WAIT = {"left": 1, "balance": 3, "held": 2, "charged": 0, "done": 0}
BOTH_PAID = {"left": 1, "balance": 1, "held": 0, "charged": 2, "done": 2}


@pytest.mark.parametrize(
    ("scenario", "between", "after"),
    [
        ("asking", [NOTHING, WAITING], WAITING),
        ("making", [WAITING, PAID], PAID),
        ("cancelling", [BOTH_WAIT, WAITING, NOTHING], NOTHING),
    ],
)
def test_credits_are_whole_wherever_it_was_killed(
    scenario: str, between: list[dict[str, int]], after: dict[str, int], database: str, tmp_path: Path
) -> None:
    found = deaths("credit_deaths", scenario, database=database, folder=tmp_path)
    assert len(found) > 3
    for death in found:
        assert death["between"] in between, death
        assert death["after"] == after, death
    for state in between:
        assert any(death["between"] == state for death in found), state


def test_one_that_is_cancelled_after_its_worker_was_killed_costs_nothing_and_the_other_goes_on(
    database: str, tmp_path: Path
) -> None:
    found = deaths("credit_deaths", "withdrawing", database=database, folder=tmp_path)
    for death in found:
        first_was_done = death["between"]["done"] > 0
        assert death["after"] == (BOTH_PAID if first_was_done else PAID), death
    assert {death["after"]["done"] for death in found} == {1, 2}
