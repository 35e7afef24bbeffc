"""A backup is made while the garden is open: what it holds is of one moment, whatever comes and goes meanwhile."""

import json
import os
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from garden.backup.snapshot import read_lines, read_snapshot
from garden.models import Image, Visitor
from garden.storage.backends import AtomicFileSystemStorage
from recommend.models import Interaction, Ledger
from tests.garden.backup import site
from tests.support.factories import ImageFactory
from tests.support.forking import fork

LIVES = 4
"""Pictures that are there at once: the next one comes, the oldest goes."""
VISITOR = "somebody"


def come(number: int) -> Image:
    """The file first; its row and a like of it are one change."""
    key = f"emotions/calm/img_{number:06d}_0h.jpeg"
    site.put(key, f"picture {number} ".encode() * 50)
    with transaction.atomic():
        image: Image = ImageFactory(key=key)
        Interaction.objects.create(
            visitor_id=VISITOR,
            group="adult/Female",
            kind="like",
            image=image,
            item_key=key,
            impression=[key],
            exposed=[image.pk],
            hour=12,
            sequence=Ledger.objects.take()[0],
            pseudonym=1,
        )
    return image


def go(image: Image) -> None:
    """Its row and the like first, as one change."""
    with transaction.atomic():
        Interaction.objects.filter(image=image).delete()
        image.delete()
    default_storage.delete(image.key)


def live() -> None:
    images = [come(number) for number in range(LIVES)]
    for number in range(LIVES, 1_000_000):
        images.append(come(number))
        go(images.pop(0))


@contextmanager
def open_garden() -> Iterator[None]:
    """Pictures come and go in a process of its own."""
    child = fork()
    if not child:
        try:
            live()
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(1)
    try:
        _wait_for_life()
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _wait_for_life() -> None:
    deadline = time.monotonic() + 240
    while Image.objects.count() < LIVES:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def values(folder: Path, time: str, model: str, name: str) -> list[str]:
    """That value of every line of a model, or of the files."""
    snapshot = read_snapshot(AtomicFileSystemStorage(folder), time)
    pages = snapshot.rows[model].pages if model else snapshot.files.pages
    return [json.loads(line)[name] for line in read_lines(AtomicFileSystemStorage(folder), pages)]


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_moment_while_pictures_and_likes_come_and_go(folder: Path) -> None:
    Visitor.objects.create(id=VISITOR)
    seen = set()
    with open_garden():
        for _ in range(3):
            code, report = site.run("backup", str(folder))
            rows = values(folder, report["snapshot"], "garden.Image", "key")
            likes = values(folder, report["snapshot"], "recommend.Interaction", "item_key")
            files = values(folder, report["snapshot"], "", "key")
            assert (code, len(rows)) in ((0, LIVES), (0, LIVES + 1))
            assert sorted(likes) == rows
            assert sorted({*rows} - {*files}) == report["absent"]
            seen.update(rows)
    assert len(seen) > LIVES, "nothing came or went meanwhile"
    assert site.run("backup", "--verify", str(folder))[0] == 0
    site.wipe()
    assert site.run("restore", str(folder))[0] == 0
    assert list(Image.objects.order_by("key").values_list("key", flat=True)) == rows
