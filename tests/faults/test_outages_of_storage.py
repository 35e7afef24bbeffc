"""Commands that lose storage or queue in the middle: one sentence, exit code 1; run again, they complete."""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any
from urllib.parse import urlsplit

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from garden.settings.connections import picture_storage
from garden.storage import backends
from tests.services.cable import Cable
from tests.support.forking import manage, start_managing
from tests.support.pictures import encode
from tools.services.s3 import REGION, client, new_bucket, s3_endpoint
from tools.services.sqs import new_queue, notification, sqs_client

KEYS = [f"emotions/calm/img_{number}_0h.jpeg" for number in range(40)]
MIDDLE = 120_000
"""Bytes; all pictures together are twice as many."""
OUTAGE = 1.0


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_endpoint() as address:
        yield address


@pytest.fixture(autouse=True)
def _amazon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)


def noise(number: int) -> bytes:
    return encode(PIL.Image.frombytes("RGB", (96, 96), random.Random(number).randbytes(96 * 96 * 3)))


@dataclass
class Garden:
    """A site whose commands reach bucket and queue at `endpoint`, or at another address that stands before it."""

    endpoint: str
    settings: Any
    patch: pytest.MonkeyPatch

    def run(self, *command: str, address: str = "") -> "CompletedProcess[str]":
        for service in ("S3", "SQS"):
            self.patch.setenv(f"AWS_ENDPOINT_URL_{service}", address or self.endpoint)
        return manage(*command)

    def fill_disk(self) -> None:
        for number, key in enumerate(KEYS):
            default_storage.save(key, ContentFile(noise(number)))
        self.succeed("sync_storage", "--apply")

    def fill_bucket(self) -> str:
        bucket = new_bucket(self.endpoint)
        for number, key in enumerate(KEYS):
            client(self.endpoint).put_object(Bucket=bucket, Key=key, Body=noise(number))
        self.settings.STORAGES = {**self.settings.STORAGES, "default": picture_storage(f"s3://{bucket}", 60)}
        return bucket

    def succeed(self, *command: str) -> None:
        done = self.run(*command)
        assert done.returncode == 0, done.stderr

    def agrees(self) -> bool:
        return self.run("sync_storage").stdout == "Storage and database agree.\n"


@pytest.fixture
def garden(transactional_db: None, endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Garden:
    settings.STORAGE_PATIENCE_SECONDS = 1
    monkeypatch.setattr(backends.PictureStorage, "patience", 0.5)
    return Garden(endpoint, settings, monkeypatch)


def cable_before(endpoint: str, cut_after: int) -> Cable:
    return Cable(str(urlsplit(endpoint).hostname), int(urlsplit(endpoint).port or 0), cut_after)


def keys_in(endpoint: str, bucket: str) -> dict[str, int]:
    pages = client(endpoint).get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}


def lose_storage_during(garden: Garden, *command: str, cut_after: int = MIDDLE) -> None:
    """Run the command until its storage is cut off, look at what it says, and run it again to its end."""
    cable = cable_before(garden.endpoint, cut_after)
    address = f"http://127.0.0.1:{cable.port}"
    cut = garden.run(*command, address=address)
    assert cable.was_cut.is_set()
    assert cut.returncode == 1
    assert cut.stderr.count("\n") == 1, cut.stderr
    assert cut.stderr.startswith(f"{command[0]}: ")
    assert "cannot be reached" in cut.stderr
    assert cut.stderr.endswith("Nothing is lost; run it again to continue.\n")
    cable.mend()
    again = garden.run(*command, address=address)
    assert (again.returncode, again.stderr) == (0, "")


def test_it_ends_a_backup_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    garden.fill_disk()
    target = f"s3://{new_bucket(garden.endpoint)}/backup"
    lose_storage_during(garden, "backup", target)
    assert '"damaged": []' in garden.run("backup", target, "--verify", "--json").stdout


def test_it_ends_a_restore_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    garden.fill_disk()
    target = f"s3://{new_bucket(garden.endpoint)}/backup"
    garden.succeed("backup", target)
    for key in KEYS:
        default_storage.delete(key)
    lose_storage_during(garden, "restore", target)
    assert all(backends.picture_storage().read(key) == noise(number) for number, key in enumerate(KEYS))


def test_it_takes_no_backup_for_damaged_while_its_bucket_is_away(garden: Garden) -> None:
    garden.fill_disk()
    target = f"s3://{new_bucket(garden.endpoint)}/backup"
    garden.succeed("backup", target)
    lose_storage_during(garden, "backup", target, "--verify")


def test_it_ends_sync_storage_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    garden.fill_bucket()
    cable = cable_before(garden.endpoint, MIDDLE)
    reported = garden.run("sync_storage", "--apply", "--traceback", address=f"http://127.0.0.1:{cable.port}")
    assert "Traceback (most recent call last)" in reported.stderr
    lose_storage_during(garden, "sync_storage", "--apply")
    assert garden.agrees()


def test_it_ends_copy_storage_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    garden.fill_disk()
    bucket = new_bucket(garden.endpoint)
    lose_storage_during(garden, "copy_storage", f"s3://{bucket}")
    assert keys_in(garden.endpoint, bucket) == {key: len(noise(number)) for number, key in enumerate(KEYS)}


def test_it_ends_export_dataset_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    bucket = garden.fill_bucket()
    garden.succeed("sync_storage", "--apply")
    lose_storage_during(garden, "export_dataset", cut_after=2_000)
    written = {key for key in keys_in(garden.endpoint, bucket) if key.startswith("dataset/")}
    assert written == {f"dataset/{name}/{name}.csv" for name in ("users", "items", "interactions")}


def test_it_ends_consume_s3_events_in_one_sentence_and_completes_it_later(garden: Garden) -> None:
    bucket, queue = garden.fill_bucket(), new_queue(garden.endpoint, visibility=5)
    for key in KEYS:
        sqs_client(garden.endpoint).send_message(QueueUrl=queue, MessageBody=notification(bucket, key))
    lose_storage_during(garden, "consume_s3_events", "--queue-url", queue, "--until-empty", "--patience", "1")
    assert garden.agrees()


def mend_after_a_second(cable: Cable) -> threading.Thread:
    def mend() -> None:
        cable.was_cut.wait()
        time.sleep(OUTAGE)
        cable.mend()

    thread = threading.Thread(target=mend, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("cut_after", [pytest.param(2_000, marks=pytest.mark.long), MIDDLE])
def test_a_backup_goes_on_by_itself_after_a_second_without_its_bucket(garden: Garden, cut_after: int) -> None:
    garden.fill_disk()
    target = f"s3://{new_bucket(garden.endpoint)}/backup"
    cable = cable_before(garden.endpoint, cut_after)
    mending = mend_after_a_second(cable)
    garden.settings.STORAGE_PATIENCE_SECONDS = 60
    done = garden.run("backup", target, address=f"http://127.0.0.1:{cable.port}")
    assert cable.was_cut.is_set()
    mending.join()
    assert (done.returncode, done.stderr) == (0, "")
    assert '"damaged": []' in garden.run("backup", target, "--verify", "--json").stdout


@pytest.mark.parametrize("kills", [pytest.param(1, marks=pytest.mark.long), 2])
def test_a_killed_backup_of_few_files_sends_none_of_them_twice(garden: Garden, kills: int) -> None:
    garden.fill_disk()
    garden.settings.STORAGE_PATIENCE_SECONDS = 60
    bucket = new_bucket(garden.endpoint)
    versions = client(garden.endpoint)
    versions.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for kill in range(kills):
        cable = cable_before(garden.endpoint, 200_000 - kill * 50_000)
        garden.patch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{cable.port}")
        process = start_managing("backup", f"s3://{bucket}/b")
        assert cable.was_cut.wait(timeout=120)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    assert 5 <= len([key for key in keys_in(garden.endpoint, bucket) if key.startswith("b/files/")]) < len(KEYS)
    garden.succeed("backup", f"s3://{bucket}/b")
    written = versions.list_object_versions(Bucket=bucket, Prefix="b/files/")["Versions"]
    assert len(written) == len({each["Key"] for each in written}) == len(KEYS)
