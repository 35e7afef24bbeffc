"""A process killed with `kill -9` at every step of an act: the act is all or nothing, and carried out again it ends.

On SQLite and on PostgreSQL. A step is a statement of SQL, or the moment before or after a file is written or deleted.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.deaths import deaths


def rows(pool: str, garden: str) -> dict[str, str]:
    """Key → state, of as many pictures as there are states named."""
    return {
        f"{root}/calm/img_{n}_0h.jpeg": state
        for root, states in (("emotions", garden.split()), ("imgPool", pool.split()))
        for n, state in enumerate(states)
    }


ENDS = {
    "publish": rows(pool="published published published", garden="serving serving serving"),
    "purge": rows(pool="trash trash", garden=""),
    "remove": rows(pool="published trash", garden="trash"),
    "restore": rows(pool="published pool", garden="serving"),
    "replace": rows(pool="published published", garden="shelved serving"),
    "undo": rows(pool="pool pool", garden="shelved shelved"),
    "roll_back": rows(pool="published published", garden="serving shelved"),
}


def untouched_or_done(found: list[dict[str, Any]]) -> set[str]:
    """What was to be seen between a death and the next try: rows, releases and changes, always of one piece."""
    return {json.dumps([death["between"][name] for name in ("rows", "releases", "changes")]) for death in found}


@pytest.mark.parametrize("scenario", ENDS)
def test_an_act_is_all_or_nothing_and_ends_the_same(scenario: str, database: str, tmp_path: Path) -> None:
    found = deaths("killing", scenario, database=database, folder=tmp_path)
    assert found[-1]["step"] > 15
    assert len(untouched_or_done(found)) == 2
    for death in found:
        assert death["between"]["without_file"] == []
        assert death["after"] == found[-1]["after"]
    end = found[-1]["after"]
    assert (end["act"], end["rows"], end["without_file"]) == ("done", ENDS[scenario], [])
    assert sorted(end["rows"]) == [key for key in end["files"] if not key.startswith("derived/")]
