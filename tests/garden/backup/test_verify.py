"""A damaged backup is found out, before anything of it is visible."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.core.management.base import CommandError

from garden.backup.snapshot import FILES, content_key, hash_of
from garden.models import Image
from garden.storage.s3 import PictureS3Storage
from tests.garden.backup import site

pytestmark = pytest.mark.django_db


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


PLACES = ["files/*/*", "pages/*/*", "snapshots/*"]


def test_it_agrees_with_a_whole_backup(target: str) -> None:
    site.furnish(site.plant())
    site.run("backup", target)
    code, report = site.run("backup", "--verify", target)
    assert (code, report["files"], report["damaged"]) == (0, 5, [])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
def test_it_finds_what_is_damaged_and_restores_nothing(
    folder: Path, place: str, damage: Callable[[Path], None]
) -> None:
    site.plant()
    site.run("backup", str(folder))
    for path in list(folder.glob(place))[:20]:
        site.wipe()
        whole = path.read_bytes()
        damage(path)
        code, report = site.run("backup", "--verify", str(folder))
        assert code == 1
        assert report["damaged"] or not report["snapshots"]
        with pytest.raises(CommandError):
            site.run("restore", str(folder))
        assert not Image.objects.exists()
        path.write_bytes(whole)
    assert site.run("restore", str(folder))[0] == 0


@pytest.mark.parametrize("damage", [flip, cut])
def test_it_finds_a_damaged_tar(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    site.plant([f"emotions/calm/{number}_h.jpeg" for number in range(400)])
    archive = tmp_path / "backup.tar"
    site.run("backup", str(archive))
    damage(archive) if damage is flip else archive.write_bytes(archive.read_bytes()[:-15_000])
    site.wipe()
    with pytest.raises(CommandError, match=r"damaged|breaks off|no whole snapshot|not"):
        site.run("restore", str(archive))
    assert not Image.objects.exists()


def test_it_overwrites_nothing_with_what_is_damaged(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    for key in site.KEYS:
        site.put(key, b"today's")
    flip(next(folder.glob("files/*/*")))
    with pytest.raises(CommandError, match="1 files of the backup are damaged"):
        site.run("restore", str(folder), "--replace")
    assert set(site.files().values()) == {hash_of(b"today's")}


def test_it_heals_by_copying_everything_again(folder: Path) -> None:
    site.plant()
    site.run("backup", str(folder))
    flip(next(folder.glob("files/*/*")))
    assert site.run("backup", str(folder), "--full")[1]["files_copied"] == 4
    assert site.run("backup", "--verify", str(folder))[0] == 0


def test_it_lists_what_a_bucket_refuses_to_give_and_reads_the_others(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plant()
    site.run("backup", bucket)
    refused = content_key(FILES, hash_of(b"picture 0 "))
    read = PictureS3Storage.read

    def refuse(storage: PictureS3Storage, key: str) -> bytes:
        if key == refused:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")
        return read(storage, key)

    monkeypatch.setattr(PictureS3Storage, "read", refuse)
    code, report = site.run("backup", "--verify", bucket)
    assert (code, [damage["key"] for damage in report["damaged"]], report["files"]) == (1, [refused], 4)


def test_a_disk_that_cannot_be_written_to_is_told_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plant()
    broken = subprocess.CompletedProcess(["sync"], 1, "", "sync: error syncing: Input/output error")
    monkeypatch.setattr("garden.storage.backends.subprocess.run", lambda *_args, **_options: broken)
    with pytest.raises(CommandError, match="Input/output error"):
        site.run("backup", str(folder))
