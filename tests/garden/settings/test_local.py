"""The secret key of a local site is created once, also when several processes start together."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psutil

from tools.services.ports import wait_until

PROGRAM = "from garden.settings import local; print(local.SECRET_KEY, end='')"


def starting(data_dir: Path) -> "subprocess.Popen[str]":
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**keep, "DATA_DIR": str(data_dir)}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, text=True)


def test_its_key_is_made_at_the_first_start_and_is_its_owners_alone(tmp_path: Path) -> None:
    first, second = (starting(tmp_path).communicate()[0] for _ in range(2))
    assert len(first) > 50
    assert second == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_a_killed_process_did_not_write_is_made(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.touch(mode=0o600)
    key, _ = starting(tmp_path).communicate()
    assert len(key) > 50
    assert file.read_text(encoding="utf-8") == key


def test_a_process_waits_for_the_one_that_makes_the_key(tmp_path: Path) -> None:
    """Workers of one server would sign with keys that the others refuse."""
    with (tmp_path / "secret_key").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process = starting(tmp_path)
        wait_until(lambda: file.name in {each.path for each in psutil.Process(process.pid).open_files()})
        file.write("made-by-another-process")
    assert process.communicate()[0] == "made-by-another-process"
