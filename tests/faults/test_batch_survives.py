"""A batch of retouches under fire: who asks for it and who makes it are killed, and messages are lost.

Whatever happens, every picture of it is retouched exactly once, and paid for exactly once.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.fleet import PATIENCE, Fleet
from tests.faults.test_queue_survives import flush

PICTURES, KILLS = 60, 3
ORDERS = "from tests.faults.batch_orders import"


@pytest.fixture
def fleet(sqlite_database: str, tmp_path: Path) -> Iterator[Fleet]:
    with Fleet(tmp_path, sqlite_database, "filesystem://localhost", workers=2) as fleet:
        yield fleet


def test_every_picture_of_a_killed_batch_is_done_once_and_paid_once(fleet: Fleet) -> None:
    fleet.ask(f"{ORDERS} plant; plant({PICTURES})")
    assert int(fleet.ask(f"{ORDERS} ask_and_die; ask_and_die()")) > 3
    for blow in range(1, KILLS + 1):
        wait_for_some(fleet, blow * PICTURES // (KILLS + 1))
        fleet.kill_one()
        if blow % 2:
            flush(fleet)
    fleet.wait_for(PICTURES)
    reported = json.loads(fleet.ask(f"{ORDERS} account; account()"))
    assert reported["items"] == [[number, "done", "done", 1] for number in range(1, PICTURES + 1)]
    assert reported["versions"] == [True] * PICTURES
    for what in ("slots", "canvases", "images", "heads", "files", "charges"):
        assert (what, reported[what]) == (what, PICTURES)
    assert (reported["batches"], reported["balance"]) == (1, 0)


def wait_for_some(fleet: Fleet, pictures: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while fleet.done() < pictures:
        assert time.monotonic() < deadline, fleet.log()[-3000:]
        time.sleep(0.02)
