"""A retouch killed with `kill -9` at every step of asking, making and pruning: done once, and no file is lost sight of.

On SQLite; the queue beneath it is held to the same on PostgreSQL in `test_queue_survives.py`.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.deaths import deaths


@pytest.mark.parametrize(
    ("scenario", "least", "end"),
    [
        ("asking", 6, {"versions": [[1, "queued", False]], "head": [None]}),
        ("making", 12, {"versions": [[1, "done", True]], "head": [1]}),
        ("pruning", 8, {"versions": [], "head": []}),
    ],
)
def test_it_ends_the_same_wherever_it_was_killed(
    scenario: str, least: int, end: dict[str, Any], sqlite_database: str, tmp_path: Path
) -> None:
    found = deaths("retouch_deaths", scenario, database=sqlite_database, folder=tmp_path)
    assert found[-1]["step"] >= least
    for death in found:
        assert (death["between"]["missing"], death["between"]["unknown"]) == ([], []), death
        assert [death["after"][name] for name in ("missing", "unknown", "orphans")] == [[], [], 0], death
        assert {name: death["after"][name] for name in end} == end, death
    assert {len(death["after"]["attempts"]) for death in found} == {len(end["versions"])}
