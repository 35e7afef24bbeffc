"""Old snapshots go, and nothing that a remaining one speaks of."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management.base import CommandError

from garden.storage.backends import AtomicFileSystemStorage
from tests.garden.backup import site

pytestmark = pytest.mark.django_db


def three_snapshots(target: str) -> None:
    for number in range(3):
        site.put("emotions/calm/always_h.jpeg", b"always") if not number else None
        site.put("emotions/calm/changing_h.jpeg", f"version {number}".encode())
        site.run("backup", target)


def contents(folder: Path) -> int:
    return len(list(folder.glob("files/*/*")))


def test_it_keeps_the_newest_and_what_they_need(folder: Path) -> None:
    three_snapshots(str(folder))
    assert contents(folder) == 4
    code, report = site.run("backup", "--prune", "--keep", "2", str(folder))
    assert (code, len(report["kept"]), len(report["removed"])) == (0, 2, 1)
    assert contents(folder) == 3
    assert site.run("backup", "--verify", str(folder))[0] == 0


def test_it_only_reports_in_a_dry_run(folder: Path) -> None:
    three_snapshots(str(folder))
    _, report = site.run("backup", "--prune", "--keep", "1", "--dry-run", str(folder))
    assert report["contents"] > 2
    assert (contents(folder), len(list(folder.glob("snapshots/*")))) == (4, 3)


@pytest.mark.parametrize("stop", [1, 2, 4, 5])
def test_it_can_be_stopped_anywhere(folder: Path, stop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    three_snapshots(str(folder))
    delete = AtomicFileSystemStorage.delete
    done: list[str] = []

    def stumble(place: AtomicFileSystemStorage, key: str) -> None:
        if len(done) == stop:
            raise KeyboardInterrupt
        done.append(key)
        delete(place, key)

    with monkeypatch.context() as patch:
        patch.setattr(AtomicFileSystemStorage, "delete", stumble)
        with pytest.raises(KeyboardInterrupt):
            site.run("backup", "--prune", "--keep", "1", str(folder))
    assert site.run("backup", "--verify", str(folder))[0] == 0
    site.put("emotions/calm/changing_h.jpeg", b"version 0")
    site.run("backup", str(folder))
    site.run("backup", "--prune", "--keep", "1", str(folder))
    assert site.run("backup", "--verify", str(folder))[0] == 0
    assert (contents(folder), len(list(folder.glob("snapshots/*")))) == (2, 1)
    assert default_storage.exists("emotions/calm/always_h.jpeg")


def test_it_leaves_young_contents_in_a_bucket(bucket: str) -> None:
    three_snapshots(bucket)
    code, report = site.run("backup", "--prune", "--keep", "1", bucket)
    assert (code, len(report["removed"]), report["contents"]) == (0, 2, 0)
    assert site.run("backup", "--verify", bucket)[0] == 0


def test_it_prunes_no_single_file(tmp_path: Path) -> None:
    archive = str(tmp_path / "backup.tar")
    for match in ("nothing at", "one snapshot"):
        with pytest.raises(CommandError, match=match):
            site.run("backup", "--prune", "--keep", "1", archive)
        site.run("backup", archive)
