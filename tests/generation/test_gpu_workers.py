"""One command starts a worker for each GPU, and each sees its own."""

import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generation.management.commands import gpu_workers

SHOW = 'import os; print("sees", os.environ["CUDA_VISIBLE_DEVICES"], os.environ.get("WORKER_METRICS_ADDRESS"))'


def run(**options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        call_command("gpu_workers", **options)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_each_process_sees_one_gpu_and_has_a_port_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.WORKER_METRICS_ADDRESS = ("127.0.0.1", 9101)
    monkeypatch.setattr(
        gpu_workers, "command", lambda queue, gpu: f"{sys.executable} -c '{SHOW}'; sleep {1 if gpu == '0' else 60}"
    )
    assert run(gpus="0,3") == 0
    shown = capfd.readouterr().out
    assert "sees 0 127.0.0.1:9101" in shown
    assert "sees 3 127.0.0.1:9102" in shown


def test_a_health_check_sees_the_worker_that_hangs(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.ALIVE_FILE = str(tmp_path / "alive")
    hang = "touch -d @1000 $ALIVE_FILE; sleep 60"
    work = f"touch $ALIVE_FILE; until test -f {settings.ALIVE_FILE}; do sleep 0.1; done"
    monkeypatch.setattr(gpu_workers, "FOLLOW_SECONDS", 0.1)
    monkeypatch.setattr(gpu_workers, "command", lambda queue, gpu: hang if gpu == "0" else work)
    assert run(gpus="0,1") == 0
    assert (tmp_path / "alive").stat().st_mtime == 1000


def test_it_takes_the_gpus_that_it_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")
    assert gpu_workers.visible_gpus() == ["2", "5"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(CommandError, match="no GPU"):
        call_command("gpu_workers")


def test_a_worker_is_one_of_celery_on_the_queue_of_the_engine() -> None:
    words = gpu_workers.command("pictures.diffusers", "1")
    assert "worker --pool solo --hostname gpu1@%h --queues pictures.diffusers" in words
