"""Curators go on while a backup is made: what it holds can be restored whole, every row with its file."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from curation.services.operations import publish_images, purge_trash, remove_images, restore_images
from garden.backup.places import files_of
from garden.models import Image
from garden.storage.comparison import DifferenceKind, find_differences
from tests.garden.backup import site
from tests.support.factories import ImageFactory

PICTURES = 3
STEPS = range(2 * PICTURES + 2)
"""Before the first file is listed, between any two, and after the last."""


@pytest.fixture(autouse=True)
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is copied ahead of the one that is listed."""
    monkeypatch.setattr("garden.batches._AT_ONCE", 1)


def plant() -> None:
    """Pictures in the pool, and as many that were published and lie in the trash with their pool's."""
    for number in range(2 * PICTURES):
        key = f"imgPool/calm/img_{number}_0h.jpeg"
        site.put(key, key.encode() * 100)
        ImageFactory(key=key)
    publish_images(images=ids(lambda image: int(image.key.split("_")[1]) < PICTURES), by=None)
    remove_images(images=ids(lambda image: image.state == Image.State.SERVING), by=None)


def ids(which: Callable[[Image], bool]) -> list[int]:
    return [image.pk for image in Image.objects.order_by("key") if which(image)]


def publish() -> None:
    publish_images(images=ids(lambda image: image.state == Image.State.POOL), by=None)


def trash() -> None:
    remove_images(images=ids(lambda image: image.state == Image.State.POOL), by=None)


def bring_back() -> None:
    restore_images(images=ids(lambda image: image.state == Image.State.TRASH), by=None)


def purge() -> None:
    purge_trash(older_than=timedelta(0))


def at_step(step: int, action: Callable[[], None]) -> Callable[..., Iterator[Any]]:
    """The site's files, and the deed once, before that file."""
    done: list[bool] = []

    def listing(*arguments: Any) -> Iterator[Any]:
        for number, seen in enumerate(files_of(*arguments)):
            if number == step and not done:
                done.append(True)
                action()
            yield seen
        if not done:
            done.append(True)
            action()

    return listing


CASES = [
    *(("backup", action, step) for action in (publish, purge) for step in STEPS),
    *(("backup", action, PICTURES) for action in (trash, bring_back)),
    *(("backup.tar", purge, step) for step in (0, PICTURES, STEPS[-1])),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "action", "step"), CASES)
def test_it_restores_whole_whatever_curators_did_at_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, action: Callable[[], None], step: int
) -> None:
    plant()
    before = site.rows()["garden.Image"]
    target = str(tmp_path / name)
    with monkeypatch.context() as patch:
        patch.setattr("garden.backup.creation.files_of", at_step(step, action))
        code, report = site.run("backup", target)
    assert site.rows()["garden.Image"] != before, "nothing was done meanwhile"
    assert (code, report["rows_without_file"], report["absent"]) == (0, 0, [])
    assert site.run("backup", "--verify", target)[1]["damaged"] == []
    site.wipe()
    assert site.run("restore", target)[0] == 0
    assert Image.objects.exists()
    assert {difference.kind for difference in find_differences()} == {DifferenceKind.UNREAD}
