"""What was backed up comes back as it was, from every kind of backup onto every kind of storage."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management.base import CommandError

from garden.backup.creation import _Maker
from garden.backup.snapshot import Entry, hash_of
from garden.models import Image, Visitor
from garden.storage.backends import AtomicFileSystemStorage
from recommend.models import Interaction, Slate
from tests.garden.backup import site
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


def test_it_brings_everything_back(site_storage: Any, target: str) -> None:
    site.furnish(site.plant())
    rows, files = site.rows(), site.files()
    assert site.run("backup", target)[0] == 0
    site.wipe()
    assert site.run("restore", target)[0] == 0
    assert (site.rows(), site.files()) == (rows, files)
    assert User.objects.get(username="curator").check_password("flowers in the garden")


def test_it_gives_new_rows_numbers_after_the_restored_ones(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    site.wipe()
    site.run("restore", str(folder))
    assert ImageFactory().pk > max(Image.objects.filter(key__in=site.KEYS).values_list("pk", flat=True))


def test_it_changes_nothing_the_second_time(target: str) -> None:
    site.furnish(site.plant())
    site.run("backup", target)
    before = site.rows(), site.marks()
    code, report = site.run("restore", target)
    after = site.rows(), site.marks()
    assert (code, report["files_written"], report["rows_written"]) == (0, 0, False)
    assert after == before


def test_it_refuses_a_database_with_other_rows_and_counts_them(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    ImageFactory()
    with pytest.raises(CommandError, match=r"garden.Image 5 4"):
        site.run("restore", str(folder))
    assert Image.objects.count() == 5


def test_it_refuses_a_storage_with_other_pictures(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    site.put(site.KEYS[0], b"retouched meanwhile")
    with pytest.raises(CommandError, match="other pictures under 1"):
        site.run("restore", str(folder))
    assert site.files()[site.KEYS[0]] == hash_of(b"retouched meanwhile")


def test_it_puts_the_backup_in_the_place_of_the_others_when_asked(folder: Path) -> None:
    site.furnish(site.plant())
    rows, files = site.rows(), site.files()
    site.run("backup", str(folder))
    ImageFactory()
    Image.objects.update(favorite="changed")
    site.put(site.KEYS[0], b"retouched meanwhile")
    assert site.run("restore", str(folder), "--replace")[0] == 0
    assert (site.rows(), site.files()) == (rows, files)


def test_it_only_reports_what_it_would_do_in_a_dry_run(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    site.wipe()
    code, report = site.run("restore", str(folder), "--dry-run")
    assert (code, report["files_written"], report["rows_written"]) == (0, 4, True)
    assert (Image.objects.count(), site.files()) == (0, {})


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--without-visitors"], (0, 1, 1)),
        (["--without-interactions"], (1, 0, 0)),
        (["--without-visitors", "--without-interactions"], (0, 0, 0)),
    ],
)
def test_it_does_without_what_was_left_out(folder: Path, options: list[str], left: tuple[int, int, int]) -> None:
    site.furnish(site.plant())
    site.run("backup", str(folder), *options)
    site.wipe()
    site.run("restore", str(folder))
    assert (Visitor.objects.count(), Interaction.objects.count(), Slate.objects.count()) == left
    if not left[0]:
        assert not Interaction.objects.exclude(visitor=None).exists()
        assert not Slate.objects.exclude(visitor=None).exists()


def test_it_restores_the_snapshot_that_is_named(folder: Path) -> None:
    site.plant(site.KEYS[:1])
    _, first = site.run("backup", str(folder))
    site.plant(site.KEYS[1:])
    site.run("backup", str(folder))
    site.wipe()
    site.run("restore", str(folder), "--snapshot", first["snapshot"])
    assert list(site.files()) == site.KEYS[:1]
    with pytest.raises(CommandError, match="no whole snapshot 1999"):
        site.run("restore", str(folder), "--snapshot", "1999")


def test_it_refuses_a_backup_of_another_version_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plant()
    monkeypatch.setattr("garden.backup.creation.applied_migrations", lambda: {"garden": ["0001_initial"]})
    site.run("backup", str(folder))
    with pytest.raises(CommandError, match="garden: the backup is at 0001_initial, this site at"):
        site.run("restore", str(folder))


@pytest.mark.parametrize(
    "key",
    ["../../etc/passwd", "/etc/passwd", "emotions/../../x", "emotions//x", "emotions/a\nb", "emotions/" + "x" * 1100,
     "emotions/" + "x" * 300 + ".jpeg", ".incoming/x", "derived/320/x.webp"],
)  # fmt: skip
def test_it_refuses_keys_that_lead_elsewhere(folder: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plant(site.KEYS[:1])
    with monkeypatch.context() as patch:
        patch.setattr(_Maker, "_copy", lambda *_: (Entry(key, 1, "1", "0" * 64), False))
        site.run("backup", str(folder))
    site.wipe()
    with pytest.raises(CommandError, match="refused"):
        site.run("restore", str(folder))
    assert (site.files(), Image.objects.count()) == ({}, 0)


def test_it_refuses_keys_that_are_one_file_on_a_disk_that_ignores_case(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plant(["emotions/calm/Rose_h.jpeg", "emotions/calm/rose_h.jpeg", "emotions/calm/tulip_h.jpeg"])
    site.run("backup", str(folder))
    site.wipe()
    with monkeypatch.context() as patch:
        patch.setattr(AtomicFileSystemStorage, "ignores_case", lambda _: True)
        with pytest.raises(CommandError, match=r"rose_h.jpeg one file with emotions/calm/Rose_h.jpeg"):
            site.run("restore", str(folder))
    assert (site.files(), Image.objects.count()) == ({}, 0)
    assert site.run("restore", str(folder))[0] == 0
    assert len(site.files()) == 3


def test_a_disk_says_itself_whether_it_ignores_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not AtomicFileSystemStorage(tmp_path / "new").ignores_case()
    monkeypatch.setattr(
        "os.path.exists", lambda path: path.lower() in {str(each).lower() for each in tmp_path.iterdir()}
    )
    assert AtomicFileSystemStorage(tmp_path).ignores_case()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_it_says_when_there_is_no_backup(tmp_path: Path, bucket: str) -> None:
    for nowhere in (str(tmp_path / "none"), str(tmp_path), bucket):
        with pytest.raises(CommandError, match=r"nothing|no whole snapshot"):
            site.run("restore", nowhere)
