"""Learning under fire: processes killed at random while they like, learn and write snapshots.

No like is lost, none is counted twice, and all who are left have learned the same, on SQLite and on PostgreSQL.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.faults.server import Server, running_server
from tests.services.postgresql import postgresql


class Learner:
    """A process that waits for orders."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.faults.learner", name]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self.answer() == "ready"

    def order(self, words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{words}\n")

    def answer(self) -> str:
        assert self.process.stdout is not None
        line: str = self.process.stdout.readline()
        return line.strip()

    def ask(self, words: str) -> str:
        self.order(words)
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/garden.sqlite3"
        if request.param == "postgresql":
            url = stack.enter_context(postgresql())
        settings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "CELERY_BROKER_URL": "memory://"}
        made = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "LOG_LEVEL": "ERROR"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], env=made, check=True)
        yield made


def test_processes_that_are_killed_lose_nothing_and_the_others_learn_the_same(environment: dict[str, str]) -> None:
    first = Learner("ann", environment)
    first.ask("plant 30")
    others = [Learner(name, environment) for name in ("bob", "cho", "dan")]
    for learner in (first, *others):
        learner.order("like 40")
    doomed = others.pop()
    time.sleep(random.uniform(0.2, 0.8))
    doomed.kill()
    late = Learner("eve", environment)
    late.order("like 20")
    for learner in (first, *others, late):
        assert learner.answer() == "done"
    assert {first.ask("keep"), late.ask("keep")} <= {"True", "False"}
    newest = Learner("fay", environment)
    everyone = [first, *others, late, newest]
    assert {learner.ask("digest") for learner in everyone} == {newest.ask("fold")}
    assert int(newest.ask("numbers")) >= 30 + 3 * 40 + 20
    for learner in everyone:
        learner.kill()


def test_a_web_server_killed_after_an_answer_has_lost_no_like(tmp_path: Path) -> None:
    with running_server(tmp_path, RECOMMENDER_HOLDOUT="0") as server:
        keys = _plant(tmp_path)
        for number in range(12):
            _like(server, f"visitor-{number}", keys[0], keys[:3])
        scores = _scores(server)
        assert max(scores, key=lambda key: scores[key]) == keys[0], scores
        _kill(server)
    with running_server(tmp_path, RECOMMENDER_HOLDOUT="0") as again:
        assert _scores(again) == scores


def _plant(folder: Path) -> list[str]:
    settings = {"DATA_DIR": str(folder / "data"), "DATABASE_URL": f"sqlite:///{folder}/data/garden.sqlite3"}
    environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "LOG_LEVEL": "ERROR"}
    gardener = Learner("gardener", environment)
    gardener.ask("plant 6")
    gardener.kill()
    return [f"emotions/calm/img_{number}_0h.jpeg" for number in range(6)]


def _like(server: Server, visitor: str, item: str, impression: list[str]) -> None:
    said = {"id": visitor, "itemId": item, "impression": impression}
    assert requests.post(f"{server.url}/like", json=said, timeout=30).text == "Success"


def _scores(server: Server) -> dict[str, float]:
    answer = requests.post(f"{server.url}/garden", json={"id": "new", "emotion": "calm"}, timeout=30).json()
    assert answer["personalized"]
    return {image["key"]: image["score"] for image in answer["landscape"]}


def _kill(server: Server) -> None:
    """The server and its worker processes, without a word."""
    parent = server.process.pid
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    for pid in (*map(int, workers), parent):
        os.kill(pid, signal.SIGKILL)
