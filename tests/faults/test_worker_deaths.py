"""Workers that a picture kills: it alone fails, and what a dead worker left is taken up by the next one that starts."""

import signal
import subprocess
import sys
from pathlib import Path

from generation.queue.leases import LEASE_EXPIRED
from tests.faults.deaths import environment
from tests.faults.fleet import Fleet

ATTEMPTS = 3
WORK = f"""
import django; django.setup()
from django.conf import settings; settings.GENERATION_MAX_ATTEMPTS = {ATTEMPTS}
from generation.models import Slot
from generation.queue.leases import requeue_expired
from generation.queue.worker import work
Slot.objects.leased().update(lease_deadline="2020-01-01T00:00:00Z")
requeue_expired()
"""
ASK = """
import django; django.setup()
from tests.generation.jobs import ask_for
ask_for(8).slots.filter(index__in={deadly}).update(prompt="deadly")
"""
LOOK = """
import django; django.setup()
from generation.models import Slot
for slot in Slot.objects.order_by("index"): print(slot.index, slot.state, slot.attempt, slot.error)
"""


class Site:
    """Workers as processes on one database, one after the other."""

    def __init__(self, database: str, folder: Path) -> None:
        self._environment = environment(database, folder)

    def run(self, python: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", python]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)

    def work_until_nothing_waits(self) -> int:
        """Returns how many workers died."""
        deaths = 0
        while (ended := self.run(WORK + "work(engines=['quick'])")).returncode == -signal.SIGKILL:
            deaths += 1
        assert ended.returncode == 0, ended.stderr
        return deaths

    def slots(self) -> list[list[str]]:
        return [line.split(" ", 3) for line in self.run(LOOK).stdout.splitlines()]


def test_it_fails_only_the_picture_that_kills_its_workers(database: str, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    asked = site.run(ASK.format(deadly=[1]))
    assert asked.returncode == 0, asked.stderr
    assert site.work_until_nothing_waits() == 1 + ATTEMPTS  # Once together with others, then alone.
    slots = site.slots()
    assert [state for _, state, _, _ in slots] == ["done", "failed", *["done"] * 6]
    assert slots[1] == ["1", "failed", str(ATTEMPTS), LEASE_EXPIRED]
    assert {attempt for index, _, attempt, _ in slots if index != "1"} == {"1"}


def test_two_deadly_pictures_of_one_batch_are_both_found(sqlite_database: str, tmp_path: Path) -> None:
    site = Site(sqlite_database, tmp_path)
    site.run(ASK.format(deadly=[0, 3]))
    assert site.work_until_nothing_waits() == 1 + 2 * ATTEMPTS
    assert [state for _, state, _, _ in site.slots()] == ["failed", "done", "done", "failed", *["done"] * 4]


def test_a_worker_that_starts_takes_up_what_a_dead_one_left_without_waiting_for_the_sweep(
    sqlite_database: str, tmp_path: Path
) -> None:
    site = Site(sqlite_database, tmp_path)
    site.run(ASK.format(deadly=[]))
    killed = f"""{WORK}
import os; from generation.queue.leases import claim
claim(worker="dead", engines=["quick"], batch_size=lambda slot: 4)
Slot.objects.leased().update(lease_deadline="2020-01-01T00:00:00Z")
os.kill(os.getpid(), 9)
"""
    assert site.run(killed).returncode == -signal.SIGKILL
    with Fleet(tmp_path, sqlite_database, "filesystem://localhost", workers=1, clock=False) as fleet:
        fleet.wait_for(8)


GROW = """
import django; django.setup()
from generation.models.job import Priority
from tests.generation.jobs import ask_for
ask_for(1, prompt="deadly", priority=Priority.KIOSK)
"""
MEND = """
import django; django.setup()
from generation.models import Slot
Slot.objects.update(prompt="calm")
"""
LOOK_AT_GROWN = """
import django; django.setup()
from garden.models import Image
from generation.growing import read_growth
from generation.models import Slot
growth = read_growth(Slot.objects.get().job_id)
print(growth.state, growth.stages, Image.objects.filter(grown_at__isnull=False).count(), Image.objects.count())
"""


def test_a_picture_whose_worker_dies_while_it_grows_is_made_once_by_the_next(database: str, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    site.run(GROW)
    assert site.run(WORK + "work(engines=['quick'])").returncode == -signal.SIGKILL
    assert site.run(LOOK_AT_GROWN).stdout.split() == ["leased", "0", "0", "0"]
    site.run(MEND)
    assert site.work_until_nothing_waits() == 0
    assert site.run(LOOK_AT_GROWN).stdout.split() == ["done", "1", "1", "1"]
