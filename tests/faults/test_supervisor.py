"""`make run`'s supervisor: web server and worker start and stop as one thing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.shell import Shell
from tools.services.ports import PATIENCE, free_port, listens, wait_until

MODELS = Path(__file__).parents[2] / "var" / "models"


BARE = ["--without-starter-garden"]


class Garden:
    """A garden of its own: `manage.py run_garden` with everything it writes in one folder."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.output = folder / "output"
        (folder / "models").symlink_to(MODELS)
        self.environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(folder)}
        self.environment["DATABASE_URL"] = f"sqlite:///{folder / 'garden.sqlite3'}"
        self._shell = Shell(self.environment)
        self.ask = self._shell.ask
        self.process = self.start(*BARE)

    def start(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start and wait until it says that it is open."""
        command = [sys.executable, "manage.py", "run_garden", *options, "--port", str(self.port)]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(
                    signal.SIGHUP, signal.SIG_DFL
                ),  # Also where the suite runs under nohup.
            )
        wait_until(lambda: "Ctrl-C closes it" in self.output.read_text(encoding="utf-8"))
        return self.process

    def answers(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A management command of this garden, whatever its exit code."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The process of the supervisor's whose command line names all these words."""
        return next(child for child in self.children() if all(w in " ".join(child.cmdline()) for w in words))

    def stop(self, how: signal.Signals = signal.SIGINT) -> str:
        """Stop it; returns everything it printed."""
        self.process.send_signal(how)
        self.process.wait(timeout=PATIENCE)
        return self.output.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Garden]:
    made = Garden(tmp_path_factory.mktemp("garden"))
    yield made
    if made.process.poll() is None:
        made.stop()
    made._shell.close()


@pytest.fixture
def garden(prepared: Garden) -> Garden:
    """Open: who closes it leaves the opening to the next test."""
    if prepared.process.poll() is not None:
        prepared.start(*BARE)
    return prepared


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_its_worker_does_what_another_process_sends(garden: Garden) -> None:
    garden.ask(
        "from datetime import datetime, timezone; from garden.models import Visitor;"
        "Visitor.objects.create(id='old', last_seen_at=datetime(2000, 1, 1, tzinfo=timezone.utc));"
        "from garden.tasks import sweep_retention; sweep_retention.delay()"
    )
    wait_until(lambda: garden.ask("from garden.models import Visitor; print(Visitor.objects.count())") == "0")


PAINT = """
from generation.jobs import submit_job; from generation.orders import pair_of
pictures = (one for index in range(500) for one in pair_of("calm, flowers", "imgPool/calm/img_long", index))
print(submit_job(title="long", pictures=pictures, engine="painter").pk)
"""
SEND = """
from django.conf import settings; from django.core.cache import cache; from garden.celery import app
for queue in settings.WORKER_QUEUES:
    cache.delete(f"queue.{queue}.heard")
for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
    if name.startswith("pulse-of-"):
        app.send_task(entry["task"], entry["args"], queue=entry["options"]["queue"])
"""
HEARD = """
import json; from django.conf import settings; from garden.broker import last_heard
from generation.models import Slot
heard = {queue: found.worker for queue in settings.WORKER_QUEUES if (found := last_heard(queue))}
print(json.dumps([heard, Slot.objects.filter(state="queued").count()]))
"""


def test_walls_alarms_and_the_clock_s_work_do_not_wait_for_a_long_painting_job(garden: Garden) -> None:
    job = garden.ask(PAINT)
    wait_until(lambda: garden.ask("from generation.models import Slot; print(Slot.objects.leased().count())") != "0")
    garden.ask(SEND)
    wait_until(lambda: set(json.loads(garden.ask(HEARD))[0]) == {"celery", "walls", "alarms"})
    heard, queued = json.loads(garden.ask(HEARD))
    assert {worker.partition("@")[0] for worker in heard.values()} == {"worker"}
    assert queued > 0, "it still paints"
    reported = json.loads(garden.run("doctor", "--json").stdout)
    found = {each["health"] for each in reported["findings"] if each["subject"] in ("workers", "engines")}
    assert found == {"well"}
    _, _, console = garden.output.read_text(encoding="utf-8").partition("Ctrl-C closes it.")
    assert console.strip() == ""
    garden.run("jobs", "cancel", job)  # The worker notes that its pictures were cancelled.


def test_its_web_server_replaces_a_process_that_was_killed(garden: Garden) -> None:
    server = garden.child("granian", "garden.wsgi:application")
    (process,) = server.children()
    process.kill()
    wait_until(lambda: bool(set(server.children()) - {process}) and garden.answers())


def test_it_starts_all_and_leaves_nothing_running_after_ctrl_c(garden: Garden) -> None:
    started = garden.children()
    assert len(started) >= 3
    output = garden.stop()
    assert garden.process.returncode == 0
    assert living(started) == []
    assert f"http://localhost:{garden.port}/kiosk/" in output
    assert "/admin/" in output
    assert "/api/docs/" in output
    assert "Password: " in output


def test_it_keeps_the_administrator_and_leaves_nothing_running_when_its_terminal_is_closed(garden: Garden) -> None:
    started = garden.children()
    output = garden.stop(signal.SIGHUP)
    assert living(started) == []
    assert "Password: " not in output


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_it_is_open_while_it_paints_and_leaves_nothing_running_when_it_is_killed(garden: Garden) -> None:
    garden.stop()
    garden.start()
    wait_until(lambda: "Painting the first pictures" in garden.output.read_text(encoding="utf-8"))
    garden.child("run_garden", "--prepare-only")
    started = garden.children()
    garden.stop(signal.SIGKILL)
    wait_until(lambda: living(started) == [] and not listens(garden.port))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_it_ends_and_its_port_is_free_when_its_web_server_is_killed(garden: Garden) -> None:
    """The server's own processes would go on listening without it."""
    started = garden.children()
    garden.child("granian", "garden.wsgi:application").kill()
    assert garden.process.wait(timeout=PATIENCE) != 0
    wait_until(lambda: living(started) == [] and not listens(garden.port))


@pytest.mark.long  # As its web server above, which leaves more behind.
def test_it_ends_when_its_worker_dies(garden: Garden) -> None:
    garden.child("celery", "worker").kill()
    assert garden.process.wait(timeout=PATIENCE) != 0
