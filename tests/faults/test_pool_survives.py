"""A worker killed at any step, while pictures wait in its pool: each is made and stored once by the next one."""

from pathlib import Path

from tests.faults.deaths import deaths
from tests.faults.pool_deaths import SLOTS


def test_pictures_in_the_pool_of_a_killed_worker_are_made_and_stored_once(database: str, tmp_path: Path) -> None:
    found = deaths("pool_deaths", database=database, folder=tmp_path)
    whole = {"states": ["done"] * SLOTS, "images": SLOTS, "own": SLOTS, "files": SLOTS}
    for death in found:
        assert {name: death[name] for name in whole} == whole, death
        assert max(death["attempts"]) <= 2, death
    assert {0, SLOTS} <= {death["done"] for death in found}
    assert any(0 < death["done"] < SLOTS for death in found)
