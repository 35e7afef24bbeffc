"""`copy_storage` moves the pictures between a disk and a bucket: every byte, with headers, and resumes when killed."""

import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from garden.backup.places import files_of, storage_at
from garden.models import Image
from garden.services import register_image
from garden.storage.backends import AtomicFileSystemStorage
from tests.garden.storage.conftest import storage_entry
from tests.garden.storage.test_sync import jpeg, sync
from tools.services.s3 import client

KEYS = [
    "derived/320/emotions/calm/a.jpeg.webp",
    "display/zone1/img1h.jpeg",
    "emotions/calm/img 1, (2) + 100% 봄_0h.jpeg",
    "emotions/calm/img_0v.png",
    "imgPool/sad/x/y&z=1_h.jpeg",
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    for number, key in enumerate([*KEYS, "profile/visitor.jpeg", ".incoming/half"]):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"picture {number} ".encode() * (number + 1))
    return folder


@pytest.fixture
def target(bucket: str) -> str:
    return bucket.removesuffix("/backups")


def copy(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    out = StringIO()
    try:
        call_command("copy_storage", "--json", *options, stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def contents(address: str) -> dict[str, bytes]:
    place = storage_at(address)
    return {stored.key: place.read(stored.key) for stored in files_of(place)}


def of_source(source: Path) -> dict[str, bytes]:
    return {key: (source / key).read_bytes() for key in KEYS}


def test_it_copies_to_a_bucket_and_back_byte_by_byte(source: Path, target: str, tmp_path: Path) -> None:
    assert copy(target, "--source", str(source))[1]["copied"] == len(KEYS)
    assert contents(target) == of_source(source)
    back = str(tmp_path / "back")
    assert copy(back, "--source", target)[0] == 0
    assert contents(back) == of_source(source)


def test_objects_get_their_type_and_their_time_in_caches(source: Path, target: str, endpoint: str) -> None:
    copy(target, "--source", str(source))
    name, _, folder = target.removeprefix("s3://").partition("/")
    facts = [client(endpoint).head_object(Bucket=name, Key=f"{folder}/{key}") for key in KEYS]
    types = ["image/webp", "image/jpeg", "image/jpeg", "image/png", "image/jpeg"]
    assert [each["ContentType"] for each in facts] == types
    assert {each["CacheControl"] for each in facts} == {f"public, max-age={site_settings.PICTURE_CACHE_SECONDS}"}


def test_it_writes_nothing_twice(source: Path, target: str) -> None:
    assert copy(target, "--source", str(source))[0] == 0
    assert copy(target, "--source", str(source)) == (0, {"the same": len(KEYS), "bytes": 0, "problems": []})


def test_a_dry_run_only_reports(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    assert copy(str(target), "--source", str(source), "--dry-run")[1]["copied"] == len(KEYS)
    assert not target.exists()


def test_another_file_under_the_same_key_stays_unless_it_may_be_replaced(source: Path, target: str) -> None:
    copy(target, "--source", str(source))
    (source / KEYS[0]).write_bytes(b"PICTURE 0 ")
    code, reported = copy(target, "--source", str(source))
    assert (code, [problem["key"] for problem in reported["problems"]]) == (1, [KEYS[0]])
    assert contents(target)[KEYS[0]] == b"picture 0 "
    assert copy(target, "--source", str(source), "--replace")[1]["replaced"] == 1
    assert contents(target) == of_source(source)


def test_it_says_which_keys_cannot_be_copied_and_copies_the_others(source: Path, target: str) -> None:
    (source / "emotions/calm/tab\there.jpeg").write_bytes(b"x")
    code, reported = copy(target, "--source", str(source))
    assert (code, [problem["key"] for problem in reported["problems"]]) == (1, ["emotions/calm/tab\there.jpeg"])
    assert contents(target) == of_source(source)


@pytest.mark.parametrize("options", [("TARGET", "--source", "NOWHERE"), ("SOURCE/inside", "--source", "SOURCE")])
def test_it_refuses_a_source_that_is_empty_or_holds_the_target(
    source: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    names = {"TARGET": str(tmp_path / "target"), "NOWHERE": str(tmp_path / "nowhere"), "SOURCE": str(source)}
    given = [names.get(option, option.replace("SOURCE", str(source))) for option in options]
    with pytest.raises(CommandError, match=r"holds no files|lie within each other"):
        copy(*given)
    assert not (tmp_path / "target").exists()


def test_a_bucket_that_is_not_there_is_told_in_one_sentence(source: Path, bucket: str) -> None:
    with pytest.raises(CommandError, match="NoSuchBucket"):
        copy("s3://nobodys-bucket", "--source", str(source))


def test_the_markers_of_folders_are_passed_over(source: Path, target: str, tmp_path: Path, endpoint: str) -> None:
    copy(target, "--source", str(source))
    name, _, folder = target.removeprefix("s3://").partition("/")
    client(endpoint).put_object(Bucket=name, Key=f"{folder}/emotions/calm/", Body=b"")
    assert copy(str(tmp_path / "back"), "--source", target)[0] == 0
    assert contents(str(tmp_path / "back")) == of_source(source)


def test_what_does_not_arrive_as_it_was_sent_is_no_success(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = AtomicFileSystemStorage.write
    monkeypatch.setattr(AtomicFileSystemStorage, "write", lambda place, key, data: write(place, key, b"P" + data[1:]))
    with pytest.raises(CommandError, match="was changed on its way"):
        copy(str(tmp_path / "target"), "--source", str(source))


def test_killed_it_goes_on(source: Path, tmp_path: Path) -> None:
    for number in range(2_000):
        (source / f"imgPool/calm_{number}.jpeg").write_bytes(b"%d" % number)
    target = tmp_path / "target"
    command = [sys.executable, "manage.py", "copy_storage", str(target), "--source", str(source), "--workers", "1"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "garden.settings.test"}
    process = subprocess.Popen(command, cwd=site_settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
    while not any(target.rglob("calm_1*.jpeg")) and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    process.wait()
    code, reported = copy(str(target), "--source", str(source))
    assert (code, reported["the same"] + reported.get("copied", 0)) == (0, 2_000 + len(KEYS))
    found = {key: data for key, data in contents(str(target)).items() if not key.startswith(".incoming/")}
    assert found == {key: data for key, data in contents(str(source)).items() if key.split("/")[0] in ROOTS}


ROOTS = {key.split("/")[0] for key in KEYS}


@pytest.mark.django_db
def test_a_site_moves_from_its_disk_to_a_bucket(settings: Any, tmp_path: Path, endpoint: str, bucket: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    for number in range(3):
        register_image(key=f"emotions/calm/{number}, 봄_0h.jpeg", content=jpeg((32, 20 + number)), origin="painter")
    sync("--apply")
    before = list(Image.objects.order_by("pk").values("key", "state", "content_hash", "changed_at"))
    entry = storage_entry("bucket", tmp_path, endpoint)
    assert copy(f"s3://{entry['OPTIONS']['bucket_name']}")[1]["copied"] == 3
    settings.STORAGES = {**settings.STORAGES, "default": entry}
    assert sync("--apply")[1]["repaired"] == {"changed content": 3}
    assert sync() == (0, {"differences": [], "repaired": {}, "problems": []})
    assert list(Image.objects.order_by("pk").values("key", "state", "content_hash", "changed_at")) == before
    default_storage.save("emotions/calm/new_0h.jpeg", ContentFile(jpeg()))
    assert sync("--apply")[1]["repaired"] == {"new file": 1}
