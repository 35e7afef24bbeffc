"""A visitor's photo exists only in memory: nothing of it is on disk after any answer.

A real server answers; then every file it could have written (database, journal, media, broker, log, temporary
files) is searched for stretches of the photo, as bytes and in the forms that logs and reports give them.
"""

import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from rest_framework.test import APIClient

from garden.faces.photo import PhotoLimits, decode_photo
from garden.faces.rekognition import as_jpeg
from tests.faults.server import Server, running_server
from tests.services.rekognition import Answer, fake_rekognition
from tests.support import pictures
from tests.support.kiosk import show_photo

STRETCH = 24
SMALL = 60_000


@pytest.fixture(scope="module")
def crashing_server(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Server]:
    analyzer = "tests.faults.crashing_analyzer.CrashingAnalyzer"
    folder = tmp_path_factory.mktemp("crashing")
    with running_server(folder, migrated_sqlite, FACE_ANALYZER=analyzer, LOG_LEVEL="DEBUG") as running:
        yield running


@pytest.fixture(scope="module")
def sending_server(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Server]:
    """One that sends photos to Rekognition, and whose log says all that it may say."""
    with fake_rekognition() as service:
        options = {"endpoint_url": service.url, "region": "eu-west-1", "attempts": 1}
        analyzer = {"BACKEND": "garden.faces.rekognition.RekognitionAnalyzer", "OPTIONS": options}
        keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_EC2_METADATA_DISABLED": "true"}
        service.trouble = lambda number: None if number % 2 else Answer({"__type": "ThrottlingException"}, 400)
        folder = tmp_path_factory.mktemp("sending")
        environment = {"FACE_ANALYZER": json.dumps(analyzer), "LOG_LEVEL": "DEBUG", **keys}
        with running_server(folder, migrated_sqlite, **environment) as running:
            yield running


def traces(photo: bytes, folder: Path) -> list[str]:
    """Files under the folder that hold a stretch of the photo in any of the forms."""
    stretches = [photo[at : at + STRETCH] for at in range(0, len(photo) - STRETCH, len(photo) // 400)]
    needles = {form for stretch in stretches if len(set(stretch)) > STRETCH // 2 for form in forms(stretch)}
    assert len(needles) > 400
    return [f"{path}" for path in files(folder) if any(needle in path.read_bytes() for needle in needles)]


def forms(stretch: bytes) -> Iterator[bytes]:
    yield stretch
    yield stretch.hex().encode()
    yield repr(stretch)[2:-1].encode()
    for shift in range(3):
        yield base64.b64encode(stretch[shift : shift + 18])


def files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names if (Path(root) / name).is_file())


def show(server: Server, photo: bytes) -> requests.Response:
    return requests.post(f"{server.url}/emotion", data=photo, timeout=120)


def test_the_search_would_find_a_photo_that_was_kept(tmp_path: Path) -> None:
    photo = pictures.portrait()
    (tmp_path / "kept").write_bytes(b"before" + photo + b"after")
    (tmp_path / "logged").write_text(f"cannot read {photo!r}", encoding="utf-8")
    (tmp_path / "encoded").write_bytes(base64.b64encode(photo))
    assert len(traces(photo, tmp_path)) == 3


def test_it_leaves_no_trace_after_success(server: Server) -> None:
    assert show(server, pictures.portrait()).status_code == 200
    assert traces(pictures.portrait(), server.folder) == []


def test_it_leaves_no_trace_of_a_photo_large_enough_to_be_spooled(server: Server) -> None:
    photo = pictures.noisy_portrait(2_100)
    assert 2_621_440 < len(photo) < 5_000_000
    assert show(server, photo).status_code == 200
    upload = {"image": ("me.jpeg", photo, "image/jpeg")}
    assert requests.post(f"{server.url}/emotion", files=upload, timeout=120).status_code == 200
    assert traces(photo, server.folder) == []


def test_it_leaves_no_trace_of_three_frames_of_a_moment(server: Server) -> None:
    frames = [pictures.portrait(), pictures.coffee(), pictures.two_faces()]
    uploads = [("image", ("frame", frame, "image/jpeg")) for frame in frames]
    assert requests.post(f"{server.url}/emotion", files=uploads, timeout=120).status_code == 200
    assert [found for frame in frames for found in traces(frame, server.folder)] == []


def test_it_leaves_no_trace_after_no_face(server: Server) -> None:
    assert show(server, pictures.coffee()).text == "No Face"
    assert traces(pictures.coffee(), server.folder) == []


def test_it_leaves_no_trace_after_a_decode_error(server: Server) -> None:
    photo = pictures.portrait()[:SMALL]
    assert show(server, photo[: len(photo) // 2]).status_code == 400
    assert traces(photo[: len(photo) // 2], server.folder) == []


def test_it_leaves_no_trace_after_too_many_bytes(server: Server) -> None:
    photo = pictures.noisy_portrait(2_700)
    assert len(photo) > 5_000_000
    assert show(server, photo).status_code == 413
    assert traces(photo, server.folder) == []


def test_it_leaves_no_trace_after_an_analyzer_crash(crashing_server: Server) -> None:
    answer = show(crashing_server, pictures.portrait())
    assert answer.status_code == 503
    assert "RuntimeError" in (crashing_server.log / "server.log").read_text(encoding="utf-8")
    assert traces(pictures.portrait(), crashing_server.folder) == []


def test_it_leaves_no_trace_where_it_is_sent_to_a_service(sending_server: Server) -> None:
    """Neither as it came nor as it was sent, whether the service answers or not."""
    photo = pictures.portrait()
    assert [show(sending_server, photo).status_code for _ in range(2)] == [200, 503]
    assert "ThrottlingException" in (sending_server.log / "server.log").read_text(encoding="utf-8")
    sent = as_jpeg(decode_photo(photo, PhotoLimits()))
    assert [found for form in (photo, sent) for found in traces(form, sending_server.folder)] == []


@pytest.mark.django_db
def test_it_opens_no_file_for_writing_while_it_answers(api: APIClient) -> None:
    """A temporary file that is deleted at once leaves no trace to find, so watch for its making."""
    show_photo(api, pictures.portrait())
    with watched_writes() as opened:
        for photo in (pictures.noisy_portrait(2_100), pictures.coffee(), pictures.portrait()[:5_000], b"junk"):
            show_photo(api, photo)
    assert opened == []


class watched_writes:  # noqa: N801
    """Collects every file that Python opens for writing. An audit hook cannot be removed, so it is switched off."""

    def __init__(self) -> None:
        self._on = False
        self._opened: list[str] = []
        sys.addaudithook(self._hear)

    def __enter__(self) -> list[str]:
        self._on = True
        return self._opened

    def __exit__(self, *exception: Any) -> None:
        self._on = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._on and event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._opened.append(str(arguments[0]))
