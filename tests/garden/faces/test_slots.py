"""Photos decoded at once are bounded for the whole machine, also where processes are killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rest_framework.test import APIClient

from garden.faces import photo
from tests.garden.faces.conftest import Encode
from tests.support import pictures
from tests.support.kiosk import show_photo

pytestmark = pytest.mark.django_db
HOLDER = """
import sys, time
from garden.faces.photo import decoding_slot
with decoding_slot(int(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""
LARGE, USUAL = 25_000_000, 1_000_000


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(photo, "SLOT_WAIT_SECONDS", 0.2)


@contextmanager
def held_elsewhere(pixels: int) -> Iterator["subprocess.Popen[str]"]:
    """Another process decodes a photo of so many pixels."""
    environment = {**os.environ, "TMPDIR": tempfile.gettempdir()}
    command = [sys.executable, "-c", HOLDER, str(pixels)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def large(encode: Encode) -> bytes:
    """A photo of 25 megapixels with a face in it."""
    photo = Image.new("RGB", (5_000, 5_000), "grey")
    photo.paste(pictures.astronaut().resize((3_000, 3_000)), (1_000, 500))
    return encode(photo.quantize(16), "PNG")


def test_it_decodes_one_large_photo_at_a_time_on_the_whole_machine(api: APIClient, large: bytes) -> None:
    with held_elsewhere(LARGE) as other:
        answer = show_photo(api, large)
        assert (answer.status_code, answer.json()["code"]) == (503, "analyzer_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert show_photo(api, pictures.portrait()).status_code == 200
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert show_photo(api, large).status_code == 200


def test_it_decodes_as_many_usual_photos_at_once_as_the_machine_has_cores(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with held_elsewhere(USUAL):
        assert show_photo(api, pictures.portrait()).status_code == 503
    assert show_photo(api, pictures.portrait()).status_code == 200


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a folder away")
def test_it_takes_no_lock_files_of_another_user(api: APIClient, tmp_path: Path, caplog: Any) -> None:
    folder = tmp_path / f"emotion-garden-{os.getuid()}"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    assert show_photo(api, pictures.portrait()).status_code == 503
    assert "belongs to another user" in caplog.text
