"""Learning under fire: processes killed at random while they like, learn and write snapshots.

No like is lost, none is counted twice, and all who are left have learned the same, on SQLite and on PostgreSQL.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.faults.server import Server, running_server
from tools.services.ports import wait_until


class Learner:
    """A process that waits for orders."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.faults.learner", name]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

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


@pytest.fixture
def environment(shared_database: str, tmp_path: Path) -> dict[str, str]:
    settings = {"DATA_DIR": str(tmp_path), "DATABASE_URL": shared_database, "CELERY_BROKER_URL": "memory://"}
    return {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "LOG_LEVEL": "ERROR"}


def test_processes_that_are_killed_lose_nothing_and_the_others_learn_the_same(environment: dict[str, str]) -> None:
    first, *others, late = (Learner(name, environment) for name in ("ann", "bob", "cho", "dan", "eve"))
    assert [learner.answer() for learner in (first, *others, late)] == ["ready"] * 5
    first.ask("plant 30")
    for learner in (first, *others):
        learner.order("like 40")
    doomed = others.pop()
    time.sleep(random.uniform(0.2, 0.8))
    doomed.kill()
    late.order("like 20")
    for learner in (first, *others, late):
        assert learner.answer() == "done"
    assert {first.ask("keep"), late.ask("keep")} <= {"True", "False"}
    newest = Learner("fay", environment)
    assert newest.answer() == "ready"
    everyone = [first, *others, late, newest]
    assert {learner.ask("digest") for learner in everyone} == {newest.ask("fold")}
    assert int(newest.ask("numbers")) >= 30 + 3 * 40 + 20
    for learner in everyone:
        learner.kill()


def test_a_web_server_killed_after_an_answer_has_lost_no_like(tmp_path: Path, migrated_sqlite: Path) -> None:
    with running_server(tmp_path, migrated_sqlite, RECOMMENDER_HOLDOUT="0") as server:
        keys = _plant(tmp_path)
        for number in range(12):
            _like(server, f"visitor-{number}", keys[0], keys[:3])
        # So many likes at once are learned in the background, and so is the ledger after a start.
        wait_until(lambda: max((scores := _scores(server)), key=lambda key: scores[key]) == keys[0])
        scores = _scores_at_rest(server)
        _kill(server)
    with running_server(tmp_path, migrated_sqlite, RECOMMENDER_HOLDOUT="0") as again:
        wait_until(lambda: _scores(again) == scores)


def _plant(folder: Path) -> list[str]:
    settings = {"DATA_DIR": str(folder / "data"), "DATABASE_URL": f"sqlite:///{folder}/data/garden.sqlite3"}
    environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "LOG_LEVEL": "ERROR"}
    gardener = Learner("gardener", environment)
    assert gardener.answer() == "ready"
    gardener.ask("plant 6")
    gardener.kill()
    return [f"emotions/calm/img_{number}_0h.jpeg" for number in range(6)]


def _like(server: Server, visitor: str, item: str, impression: list[str]) -> None:
    message = {"id": visitor, "itemId": item, "impression": impression}
    assert requests.post(f"{server.url}/like", json=message, timeout=120).text == "Success"


def _scores(server: Server) -> dict[str, float]:
    answer = requests.post(f"{server.url}/garden", json={"id": "new", "emotion": "calm"}, timeout=120).json()
    assert answer["personalized"]
    return {image["key"]: image["score"] for image in answer["landscape"]}


def _scores_at_rest(server: Server) -> dict[str, float]:
    """The scores once they have not changed in twenty looks: more is not being learned."""
    scores, same = _scores(server), 0
    while same < 20:
        time.sleep(0.1)
        before, scores = scores, _scores(server)
        same = same + 1 if scores == before else 0
    return scores


def _kill(server: Server) -> None:
    """The server and its worker processes, without a word."""
    parent = server.process.pid
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
    for pid in (*map(int, workers), parent):
        os.kill(pid, signal.SIGKILL)
