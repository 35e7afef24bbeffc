"""A backup holds everything once, grows by what changed, and tells what it could not hold."""

import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db.migrations.recorder import MigrationRecorder

from garden.models import Image
from garden.storage.backends import AtomicFileSystemStorage
from tests.garden.backup import site
from tools.services.s3 import client

pytestmark = pytest.mark.django_db


def _stumble(*_: object) -> None:
    raise KeyboardInterrupt


def contents(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").glob("*/*") if path.is_file()]


def test_it_holds_every_file_but_what_is_made_anew(folder: Path) -> None:
    site.furnish(site.plant())
    site.put("profile/visitor.jpeg", b"a face that the seed kept")
    code, report = site.run("backup", str(folder))
    assert (code, report["files"], report["files_copied"]) == (0, 5, 5)
    assert report["rows"]["garden.Image"] == 4
    assert set(site.files()) == {*site.KEYS, site.DISPLAY}


def test_it_neither_reads_nor_copies_what_did_not_change(site_storage: Any, folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    site.put(site.KEYS[1], b"retouched")
    site.put("emotions/calm/new_h.jpeg", b"new")
    default_storage.delete(site.KEYS[0])
    Image.objects.get(key=site.KEYS[0]).delete()
    _, report = site.run("backup", str(folder))
    assert (report["files"], report["files_copied"], report["bytes_copied"]) == (5 - 1, 2, 12)


def test_nobody_but_its_owner_reads_a_folder_under_a_strict_umask(folder: Path) -> None:
    site.plant()
    before = os.umask(0o077)
    try:
        site.run("backup", str(folder))
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in contents(folder)} == {0o600}


def test_its_objects_are_not_for_public_caches(bucket: str, endpoint: str) -> None:
    site.plant()
    site.run("backup", bucket)
    name, _, prefix = bucket.removeprefix("s3://").partition("/")
    found = client(endpoint).list_objects_v2(Bucket=name, Prefix=prefix)["Contents"]
    heads = [client(endpoint).head_object(Bucket=name, Key=each["Key"]) for each in found]
    assert heads
    assert not any("CacheControl" in head for head in heads)


def test_it_keeps_equal_contents_once(folder: Path) -> None:
    for number in range(3):
        site.put(f"emotions/calm/{number}_h.jpeg", b"the same")
    site.run("backup", str(folder))
    pages = set(folder.glob("pages/*/*"))
    site.run("backup", str(folder))
    assert len(contents(folder)) == 1
    assert set(folder.glob("pages/*/*")) == pages
    assert len(list(folder.glob("snapshots/*"))) == 2


def test_it_copies_a_change_that_kept_size_and_time(folder: Path) -> None:
    site.put("emotions/calm/a_h.jpeg", b"first")
    path = Path(default_storage.path("emotions/calm/a_h.jpeg"))
    times = path.stat()
    site.run("backup", str(folder))
    site.put("emotions/calm/a_h.jpeg", b"other")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert site.run("backup", str(folder))[1]["files_copied"] == 1


def test_it_goes_on_where_it_was_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("garden.backup.creation.PAGE_LINES", 2)
    site.plant()
    with monkeypatch.context() as patch:
        patch.setattr("garden.backup.snapshot.BackupSnapshot.write", _stumble)
        with pytest.raises(KeyboardInterrupt):
            site.run("backup", str(folder))
    with pytest.raises(CommandError, match="begun and not finished"):
        site.run("restore", str(folder))
    assert site.run("backup", str(folder))[1]["files_copied"] == 0
    assert site.run("backup", "--verify", str(folder))[0] == 0


def test_it_reports_rows_whose_file_vanished_meanwhile(folder: Path) -> None:
    site.plant()
    default_storage.delete(site.KEYS[1])
    code, report = site.run("backup", str(folder))
    assert (code, report["rows_without_file"], report["absent"]) == (0, 1, [site.KEYS[1]])


def test_it_reports_a_file_that_vanishes_between_listing_and_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plant()
    read = AtomicFileSystemStorage.read

    def vanish(place: AtomicFileSystemStorage, key: str) -> Any:
        if key == site.KEYS[0]:
            default_storage.delete(key)
        return read(place, key)

    monkeypatch.setattr(AtomicFileSystemStorage, "read", vanish)
    code, report = site.run("backup", str(folder))
    assert (code, report["files"], report["absent"]) == (0, 3, [site.KEYS[0]])


def test_it_leaves_odd_keys_out_and_says_so(folder: Path) -> None:
    site.plant()
    Path(default_storage.path("emotions/calm/tab\there.jpeg")).write_bytes(b"odd")
    code, report = site.run("backup", str(folder))
    assert (code, report["files"]) == (1, 4)
    assert report["problems"] == [{"key": "emotions/calm/tab\there.jpeg", "problem": "it holds control characters"}]


def test_it_writes_nothing_in_a_dry_run(target: str, tmp_path: Path) -> None:
    site.plant()
    code, report = site.run("backup", target, "--dry-run")
    assert (code, report["files_copied"], report["rows_without_file"]) == (0, 4, 0)
    assert not list(tmp_path.glob("backup*"))


def test_it_refuses_a_place_among_the_pictures(settings: Any) -> None:
    for place in ("", "emotions/backup"):
        with pytest.raises(CommandError, match="choose another place"):
            site.run("backup", str(Path(settings.MEDIA_ROOT) / place))


def test_it_does_not_back_up_itself(settings: Any) -> None:
    site.plant()
    target = str(Path(settings.MEDIA_ROOT) / "backups")
    assert [site.run("backup", target)[1]["files"] for _ in range(2)] == [4, 4]


def test_it_lets_one_backup_at_a_time_into_a_folder(folder: Path) -> None:
    site.plant()
    with AtomicFileSystemStorage(folder).exclusive(), pytest.raises(CommandError, match="Another backup"):
        site.run("backup", str(folder))


def test_its_single_file_is_a_tar_that_others_read(tmp_path: Path) -> None:
    site.plant()
    site.run("backup", str(tmp_path / "backup.tar"))
    with tarfile.open(tmp_path / "backup.tar") as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert not list(tmp_path.glob("*.part"))
    site.wipe()
    assert site.run("restore", str(tmp_path / "unpacked"))[1]["files_written"] == 4


def test_it_prints_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    site.plant()
    call_command("backup", str(folder))
    assert "files copied" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--prune"], ["--keep", "1"], ["--prune", "--keep", "0"]])
def test_it_refuses_to_prune_without_saying_how_much_to_keep(folder: Path, options: list[str]) -> None:
    with pytest.raises(CommandError, match="go together"):
        site.run("backup", str(folder), *options)


@pytest.mark.parametrize("missing", ["0001_initial", "0002"])
def test_it_refuses_tables_that_are_behind_the_program(folder: Path, missing: str) -> None:
    MigrationRecorder.Migration.objects.filter(app="garden", name__startswith=missing).delete()
    with pytest.raises(CommandError, match=f"Run migrate first: garden.{missing}"):
        site.run("backup", str(folder))
    assert not folder.exists()
