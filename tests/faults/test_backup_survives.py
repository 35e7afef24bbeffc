"""Backups under fire: killed at any moment, buckets that stumble, full disks; nothing is lost, all can be run again."""

import os
import random
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from tqdm import tqdm

from garden.backup.creation import make_backup
from garden.backup.places import new_backup
from tests.faults.misbehaving import Misbehaviour, misbehaving_proxy
from tests.garden.backup import site
from tests.support.forking import fork
from tools.services.s3 import REGION, new_bucket, s3_endpoint

PICTURES = 150
KILLS = 3
LARGE = "imgPool/calm/large_h.jpeg"
LONG = pytest.mark.long
TROUBLES = [
    ("503", 7),
    ("cut", 4),
    ("truncate", 3),
    pytest.param("500", 7, marks=LONG),
    pytest.param("slow", 2, marks=LONG),
]


@pytest.fixture(autouse=True)
def _progress_of_its_own() -> None:
    """A child killed while it holds the lock of progress bars must not hold it for its parent."""
    tqdm.set_lock(threading.RLock())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_endpoint() as address:
        yield address


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)


def plant_many(pictures: int = PICTURES) -> None:
    site.furnish(site.plant())
    for number in range(pictures):
        site.put(f"imgPool/calm/{number:04d}_h.jpeg", random.Random(number).randbytes(20_000))


def in_process(action: Callable[[], Any]) -> int:
    """Start a process that does so; returns its id."""
    if child := fork():
        return child
    try:
        action()
    finally:
        os._exit(0)


def kill_after(seconds: float, action: Callable[[], Any]) -> bool:
    """`kill -9` the process after a while; returns whether it was still at work."""
    child = in_process(action)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def seconds_of(action: Callable[[], Any]) -> float:
    begun = time.monotonic()
    os.waitpid(in_process(action), 0)
    return time.monotonic() - begun


def kill_often(action: Callable[[], Any], seconds: float, kills: int, between: Callable[[], None]) -> int:
    """Kill the action at random moments of its time; returns how often it was caught at work."""
    dice, caught = random.Random(7), 0
    for _ in range(kills):
        caught += kill_after(dice.uniform(0.02, 1) * seconds, action)
        between()
    return caught


def survive_killed_backups(folder: Path, pictures: int, kills: int) -> None:
    plant_many(pictures)
    seconds = seconds_of(lambda: site.run("backup", f"{folder}-first"))

    def verify() -> None:
        report = site.run("backup", "--verify", str(folder))[1] if folder.exists() else {"damaged": []}
        assert report["damaged"] == []

    assert kill_often(lambda: site.run("backup", str(folder), "--full"), seconds, kills, verify)
    assert site.run("backup", str(folder))[0] == 0
    rows, files = site.rows(), site.files()
    site.wipe()
    assert site.run("restore", str(folder))[0] == 0
    assert (site.rows(), site.files()) == (rows, files)


def survive_killed_restores(folder: Path, pictures: int, kills: int) -> None:
    plant_many(pictures)
    rows, files = site.rows(), site.files()
    site.run("backup", str(folder))
    site.wipe()
    seconds = seconds_of(lambda: site.run("restore", str(folder)))
    assert (site.rows(), site.files()) == (rows, files)
    site.wipe()
    empty = site.rows()
    seen: list[bool] = []

    def all_or_nothing() -> None:
        seen.append(site.rows() == rows)
        assert seen[-1] or site.rows() == empty
        assert not seen[-1] or site.files() == files
        assert site.files().items() <= files.items()

    assert kill_often(lambda: site.run("restore", str(folder)), seconds, kills, all_or_nothing)
    assert site.run("restore", str(folder))[0] == 0
    assert (site.rows(), site.files()) == (rows, files)


@pytest.mark.django_db(transaction=True)
def test_it_survives_kills_in_the_middle_of_a_backup(tmp_path: Path) -> None:
    survive_killed_backups(tmp_path / "backup", PICTURES, KILLS)


@pytest.mark.django_db(transaction=True)
def test_it_survives_kills_in_the_middle_of_a_restore(tmp_path: Path) -> None:
    survive_killed_restores(tmp_path / "backup", PICTURES, KILLS)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("survive", [survive_killed_backups, survive_killed_restores])
def test_it_survives_a_hundred_kills(tmp_path: Path, survive: Callable[[Path, int, int], None]) -> None:
    survive(tmp_path / "backup", 2_000, 100)


@pytest.mark.django_db(transaction=True)
def test_it_resumes_a_killed_backup_of_fewer_files_than_a_page_has(tmp_path: Path) -> None:
    plant_many()
    done: list[int] = []

    def die_at_half(files: int) -> None:
        done.append(files)
        if sum(done) > PICTURES / 2:
            os.kill(os.getpid(), signal.SIGKILL)

    target = str(tmp_path / "backup")
    child = in_process(lambda: make_backup(target=new_backup(target), workers=1, tick=die_at_half))
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    code, report = site.run("backup", target)
    assert (code, report["files"] >= PICTURES) == (0, True)
    assert report["files_copied"] < 0.6 * PICTURES
    assert site.run("backup", "--verify", target)[1]["damaged"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("trouble", "every"), TROUBLES)
def test_it_gets_through_a_bucket_that_stumbles(
    endpoint: str, trouble: str, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.furnish(site.plant())
    rows, files = site.rows(), site.files()
    behaviour = Misbehaviour(trouble, every)
    with misbehaving_proxy(endpoint, behaviour) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", proxy)
        target = f"s3://{new_bucket(endpoint)}/backup"
        assert site.run("backup", target)[0] == 0
        site.wipe()
        assert site.run("restore", target)[0] == 0
    assert behaviour.met
    assert (site.rows(), site.files()) == (rows, files)


@pytest.mark.django_db
def test_it_says_so_when_a_bucket_stays_away(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STORAGE_PATIENCE_SECONDS = 1
    site.plant()
    target = f"s3://{new_bucket(endpoint)}/backup"
    with misbehaving_proxy(endpoint, Misbehaviour("503", 1)) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", proxy)
        with pytest.raises(ClientError, match=r"SlowDown|503"):
            site.run("backup", target)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    assert site.run("backup", target)[0] == 0
    assert site.run("backup", "--verify", target)[0] == 0


def on_a_full_disk(reported: Path, command: str, *arguments: str) -> str:
    """What the command says where no file may grow beyond 50 KB: writing fails in the middle of one."""

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            site.run(command, *arguments)
        except CommandError as error:
            reported.write_text(str(error))

    os.waitpid(in_process(run), 0)
    return reported.read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_it_survives_a_full_disk(tmp_path: Path, name: str) -> None:
    plant_many(10)
    site.put(LARGE, random.Random(1).randbytes(200_000))
    target = str(tmp_path / name)
    assert "Nothing was lost; run it again" in on_a_full_disk(tmp_path / "told", "backup", target)
    assert not list(tmp_path.rglob("*.part"))
    assert not list(tmp_path.rglob(".incoming/*"))
    assert site.run("backup", target)[0] == 0
    assert site.run("backup", "--verify", target)[0] == 0
    assert default_storage.exists(site.KEYS[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_a_restore_survives_a_full_disk(tmp_path: Path, name: str) -> None:
    """No row is written before all files are; a picture is the old one or the new one, never half of one."""
    plant_many(10)
    site.put(LARGE, random.Random(1).randbytes(200_000))
    rows, files = site.rows(), site.files()
    target = str(tmp_path / name)
    site.run("backup", target)
    site.wipe()
    site.plant(site.KEYS[:1])
    site.put(LARGE, b"small and old")
    old_rows, old_files = site.rows(), site.files()
    assert "Nothing was lost; run it again" in on_a_full_disk(tmp_path / "told", "restore", target, "--replace")
    assert site.rows() == old_rows
    assert site.files()[LARGE] == old_files[LARGE]
    assert site.files().items() <= old_files.items() | files.items()
    assert not list(tmp_path.rglob(".incoming/*"))
    assert site.run("restore", target, "--replace")[0] == 0
    assert (site.rows(), site.files()) == (rows, files)
