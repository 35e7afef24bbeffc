import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.functional import empty

from garden.storage.backends import INCOMING, AtomicFileSystemStorage
from garden.tasks import discard_abandoned_files

KEY = "emotions/calm/a_0h.jpeg"


@pytest.fixture
def storage(tmp_path: Path) -> AtomicFileSystemStorage:
    return AtomicFileSystemStorage(location=tmp_path)


def content(storage: AtomicFileSystemStorage) -> bytes:
    with storage.open(KEY) as stored:
        whole: bytes = stored.read()
        return whole


def test_it_saves_under_exactly_the_name(storage: AtomicFileSystemStorage) -> None:
    assert storage.save(KEY, ContentFile(b"first")) == KEY
    assert content(storage) == b"first"


def test_it_replaces_a_file_in_one_step(storage: AtomicFileSystemStorage) -> None:
    storage.save(KEY, ContentFile(b"first"))
    reader = storage.open(KEY)
    storage.save(KEY, ContentFile(b"second"))
    assert reader.read() == b"first"
    assert content(storage) == b"second"


def test_it_leaves_the_old_file_when_writing_breaks_off(storage: AtomicFileSystemStorage) -> None:
    class Broken(ContentFile[bytes]):
        def chunks(self, chunk_size: int | None = None):  # type: ignore[no-untyped-def]
            yield b"sec"
            raise OSError("the disk is full")

    storage.save(KEY, ContentFile(b"first"))
    with pytest.raises(OSError, match="disk is full"):
        storage.save(KEY, Broken(b"second"))
    assert content(storage) == b"first"


def test_it_discards_only_what_was_abandoned_long_ago(storage: AtomicFileSystemStorage, tmp_path: Path) -> None:
    storage.save(KEY, ContentFile(b"first"))
    for name, age in (("old", 7200), ("new", 60)):
        part = tmp_path / INCOMING / name
        part.write_bytes(b"half")
        os.utime(part, (part.stat().st_atime, part.stat().st_mtime - age))
    assert storage.discard_abandoned(timedelta(hours=1)) == 1
    assert [path.name for path in (tmp_path / INCOMING).iterdir()] == ["new"]
    assert content(storage) == b"first"


def test_the_hourly_task_finds_them_even_before_the_storage_was_used(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Path(settings.MEDIA_ROOT) / INCOMING / "old"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    monkeypatch.setattr(default_storage, "_wrapped", empty)
    assert discard_abandoned_files() == 1
    assert not part.exists()


def test_it_refuses_a_name_outside_its_folder(storage: AtomicFileSystemStorage) -> None:
    with pytest.raises(Exception, match="path"):
        storage.save("../outside.jpeg", ContentFile(b"x"))
