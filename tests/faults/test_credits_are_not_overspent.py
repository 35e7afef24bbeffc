"""Fifty requests of one person at once, from five processes, on the databases that a site may have."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.spending import SURE

CREDITS, PROCESSES, THREADS = 20, 5, 10


def together(environment: dict[str, str], *orders: tuple[str, int]) -> list[Any]:
    """Each order in a process of its own, all at the same time; answers what they print."""
    command = [sys.executable, "-m", "tests.faults.spending"]
    running = [
        subprocess.Popen([*command, verb, str(number)], env=environment, stdout=subprocess.PIPE, text=True)
        for verb, number in orders
    ]
    reported = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(orders)
    return [json.loads(lines) for lines in reported]


@pytest.mark.parametrize("price", [pytest.param(1, marks=pytest.mark.long), 3])
def test_fifty_at_once_open_as_many_as_there_are_credits_and_pay_for_what_was_finished(
    price: int, shared_database: str, tmp_path: Path
) -> None:
    own = {
        "DATABASE_URL": shared_database,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
    }
    environment = {**os.environ, **own, "LOG_LEVEL": "ERROR", "RETOUCH_PRICES": f"quick={price}"}
    covered, rest = divmod(CREDITS, price)
    together(environment, ("prepare", CREDITS))
    answers = together(environment, *[("ask", THREADS)] * PROCESSES)
    asked = sum((Counter(answer) for answer in answers), Counter())
    granted = covered - len(SURE)
    assert asked == {"granted": granted, "refused": PROCESSES * THREADS - granted}

    [(waiting, worked, settled)] = together(environment, ("settle", THREADS))
    assert (waiting["left"], waiting["balance"], waiting["versions"], waiting["charged"]) == (rest, CREDITS, covered, 0)
    for reported in (worked, settled):
        assert reported["lines"] == reported["done"]
        assert reported["charged"] == price * reported["lines"] <= CREDITS
        assert reported["balance"] == CREDITS - reported["charged"] >= reported["left"]
    assert 0 < settled["lines"] < settled["versions"]  # Some failed: their credits came back.
    assert settled["left"] == settled["balance"]
