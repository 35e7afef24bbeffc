"""Canvases that came to nothing go after a time, with their files; what somebody may miss stays."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from garden.models import Image
from garden.storage.comparison import DifferenceKind, find_differences
from garden.storage.sync import Repairer
from generation.models import BatchItem, Canvas, RetouchBatch, Slot, Version
from generation.queue.worker import work
from generation.retouch.pixels import encode_png
from generation.retouch.pruning import prune_canvases
from generation.retouch.versions import open_image, open_upload, with_opacity
from generation.tasks import prune_canvases as task
from tests.generation.retouch.samples import ask, edit, made, noisy, picture

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


def upload(name: str = "a") -> Canvas:
    return open_upload(content=encode_png(noisy(seed=len(name))), title=name, by=None)


def age() -> None:
    """Everything was 40 days ago."""
    then = timezone.now() - LONG_AGO
    Canvas.objects.update(created_at=then)
    Version.objects.update(created_at=then)
    Version.objects.done().update(done_at=then)


def files() -> set[str]:
    return {file.key for file in default_storage.walk("retouch")}  # type: ignore[attr-defined]


def test_an_old_upload_goes_with_its_versions_and_all_its_files() -> None:
    version = made(upload())
    with_opacity(version=version, opacity=0.5, by=None)
    kept = upload("younger")
    age()
    Canvas.objects.filter(pk=kept.pk).update(created_at=timezone.now() - timedelta(days=29))
    assert prune_canvases(days=30) == 1
    assert not Version.objects.exists()
    assert files() == {kept.file}
    assert Slot.objects.get().state == "done"
    assert prune_canvases(days=30) == 0


def test_it_goes_when_its_picture_is_gone_and_stays_while_it_is_there() -> None:
    version = made()
    age()
    assert prune_canvases(days=30) == 0
    Image.objects.filter(canvases=version.canvas).delete()
    assert prune_canvases(days=30) == 1


def test_a_picture_that_was_opened_and_never_edited_is_opened_again_when_it_is_wanted() -> None:
    image = picture()
    first = open_image(image=image, by=None)
    age()
    assert prune_canvases(days=30) == 1
    again = open_image(image=image, by=None)
    assert again.pk != first.pk
    assert files() == {again.file}


@pytest.mark.parametrize("days", [0, 41])
def test_nothing_goes_before_its_time_or_where_the_site_keeps_all(days: int) -> None:
    made(upload())
    age()
    assert prune_canvases(days=days) == 0


def test_what_became_a_picture_stays() -> None:
    version = made(upload())
    age()
    Version.objects.filter(pk=version.pk).update(image=picture("published"))
    assert prune_canvases(days=30) == 0


def test_what_is_waited_for_stays() -> None:
    ask([edit(upload())])
    age()
    assert prune_canvases(days=30) == 0
    work(engines=["quick"])
    assert prune_canvases(days=30) == 0
    age()
    assert prune_canvases(days=30) == 1


def test_what_a_batch_or_another_canvas_speaks_of_stays() -> None:
    in_batch, repeated = upload("of a batch"), made(upload())
    batch = RetouchBatch.objects.create(title="b")
    BatchItem.objects.create(batch=batch, number=1, name="b", canvas=in_batch)
    Version.objects.filter(pk=made().pk).update(repeats=repeated)
    age()
    assert prune_canvases(days=30) == 0


def test_the_clock_does_it_as_the_site_is_set(settings: Any) -> None:
    upload()
    age()
    settings.RETOUCH_CANVAS_DAYS = 0
    assert task() == 0
    settings.RETOUCH_CANVAS_DAYS = 30
    assert task() == 1


class TestFilesOfNobody:
    def test_sync_storage_finds_what_a_killed_sweep_left_and_takes_it_away(self, settings: Any) -> None:
        version, kept = made(upload()), made(upload("b" * 3))
        left = {key for key in files() if str(version.canvas_id) in key}
        Canvas.objects.filter(pk=version.canvas_id).delete()
        assert list(find_differences()) == []
        self._grow_old(settings)
        found = list(find_differences())
        assert {(each.kind, each.key) for each in found} == {(DifferenceKind.ORPHAN, key) for key in left}
        list(Repairer(1).repair(found))
        assert {key.split("/")[1] for key in files()} == {str(kept.canvas_id)}
        assert list(find_differences()) == []

    def test_files_that_are_not_the_studio_s_are_left_alone(self, settings: Any) -> None:
        from django.core.files.base import ContentFile

        default_storage.save("retouch/notes.txt", ContentFile(b"mine"))
        self._grow_old(settings)
        assert list(find_differences()) == []

    def _grow_old(self, settings: Any) -> None:
        then = (timezone.now() - timedelta(hours=2)).timestamp()
        for path in Path(settings.MEDIA_ROOT).rglob("retouch/**/*"):
            os.utime(path, (then, then))
