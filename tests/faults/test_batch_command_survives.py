"""`manage.py retouch_batch` itself killed with `kill -9`, in each of its steps: the same command goes on to the end.

No worker and no clock are there beside it: what a dead one had begun is taken up by the next.
"""

import json
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from tests.faults.command_orders import PICTURES, SIZE, lay_out
from tests.faults.deaths import deaths


@pytest.fixture(name="deaths")
def _deaths(sqlite_database: str, tmp_path: Path) -> list[dict[str, Any]]:
    """What each process left behind: until one came to its end, and, without the results, until another did."""
    lay_out(tmp_path)
    return deaths("command_orders", str(tmp_path), database=sqlite_database, folder=tmp_path / "data")


def test_it_goes_on_wherever_it_was_killed_and_does_each_picture_once(
    deaths: list[dict[str, Any]], tmp_path: Path
) -> None:
    killed, [_made, last] = [death for death in deaths if death["killed"]], [one for one in deaths if not one["killed"]]
    assert any(0 < death["canvases"] < PICTURES for death in killed), "while it opened the files"
    assert any(death["leased"] for death in killed), "with a picture in its hands"
    assert any(0 < death["done"] < PICTURES for death in killed), "between two pictures"
    assert any(0 < death["given"] < PICTURES for death in killed), "while it gave them out"
    for what in ("canvases", "slots", "versions", "done", "given"):
        assert (what, last[what]) == (what, PICTURES)
    assert (last["killed"], last["batches"], last["leased"]) == (False, 1, 0)

    rows = json.loads((tmp_path / "report.json").read_text())["pictures"]
    assert [(row["number"], row["state"]) for row in rows] == [(n, "done") for n in range(1, PICTURES + 1)]
    assert len({row["version"] for row in rows}) == PICTURES
    for path in (tmp_path / "made").glob("garden-*.png"):
        with PIL.Image.open(path) as picture:
            assert picture.convert("RGB").size == SIZE
