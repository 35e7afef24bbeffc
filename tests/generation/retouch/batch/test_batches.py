"""A batch is one job with a slot for each picture: previewed, run, and reported to its end."""

import io
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage

from generation.credits import NoCreditsError
from generation.jobs import cancel_job, pause_job, resume_job, retry_failed
from generation.models import BatchItem, Canvas, GenerationJob, RetouchBatch, Slot, Version
from generation.models.job import Priority
from generation.queue.worker import work
from generation.retouch.batch.items import COLUMNS, counts_of, report_rows, write_table
from generation.retouch.batch.orders import first_middle_last, preview_batch, run_batch
from generation.retouch.pixels import encode_png, encode_shown
from generation.retouch.settings import BadLayerError, BadSettingError, VersionTakenError, whole
from generation.retouch.versions import compose, opened, read_file
from tests.generation.credits.samples import curator
from tests.generation.retouch.batch.samples import garden, job_of, made, planned, states, with_a_face
from tests.generation.retouch.samples import noisy, picture

pytestmark = pytest.mark.django_db


def test_every_picture_becomes_a_version_with_its_lineage(ann: Any) -> None:
    images = garden(5)
    batch = made(images, by=ann)
    assert states(batch) == ["done"] * 5
    for item, image in zip(batch.items.in_order(), images, strict=True):
        version = item.version
        assert version is not None
        assert (version.canvas.image, version.parent, version.by, version.number) == (image, None, ann, 1)
        assert version.canvas.head == version
        assert version.crop == whole(160, 120)
        assert version.region == {"kind": "all", "expand": 0, "shrink": 0}
        assert version.folder == f"retouch/{version.canvas_id}/{version.pk}"
        assert item.slot is not None
        assert item.slot.key == version.key_of("patch")
        assert version.chosen["seed"] == version.seed == 7
        assert (compose(version) != opened(version.canvas)).any()


def test_it_is_one_job_whose_recipe_is_kept() -> None:
    batch = made(garden(3))
    job = job_of(batch)
    assert job.slots.count() == 3
    assert job.request == {"batch": str(batch.pk), "recipe": batch.recipe}
    assert GenerationJob.objects.count() == 1


def test_the_preview_makes_the_first_the_middle_and_the_last_before_the_rest() -> None:
    batch = preview_batch(batch=planned(garden(7)))
    assert states(batch) == ["queued", "waiting", "waiting", "queued", "waiting", "waiting", "queued"]
    assert set(job_of(batch).slots.values_list("priority", flat=True)) == {Priority.SINGLE}
    work(engines=["quick"])
    run_batch(batch=batch)
    assert states(batch).count("queued") == 4
    work(engines=["quick"])
    assert states(batch) == ["done"] * 7
    assert Version.objects.count() == 7


def test_the_preview_takes_the_pictures_that_were_chosen() -> None:
    batch = preview_batch(batch=planned(garden(4)), numbers=[2, 3])
    assert states(batch) == ["waiting", "queued", "queued", "waiting"]
    with pytest.raises(BadSettingError, match="9"):
        preview_batch(batch=batch, numbers=[9])


def test_the_preview_is_of_pictures_that_were_not_made_before_and_asked_twice_it_is_one() -> None:
    images = garden(7)
    made(images[:2])
    batch = planned(images)
    for _ in range(2):
        preview_batch(batch=batch)
    assert states(batch) == ["skipped", "skipped", "queued", "waiting", "queued", "waiting", "queued"]


@pytest.mark.parametrize(("count", "expected"), [(0, []), (1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (8, [1, 5, 8])])
def test_first_middle_and_last_are_each_named_once(count: int, expected: list[int]) -> None:
    assert first_middle_last(range(1, count + 1)) == expected


def test_asked_again_it_is_the_same() -> None:
    images = garden(3)
    batch = planned(images)
    assert planned(images, batch_id=batch.pk) == batch
    for _ in range(2):
        preview_batch(batch=batch)
        run_batch(batch=batch)
    assert (RetouchBatch.objects.count(), Slot.objects.count()) == (1, 3)
    with pytest.raises(VersionTakenError):
        planned(images, {"settings": {"strength": 0.1}}, batch_id=batch.pk)


def test_one_failure_does_not_stop_the_rest() -> None:
    gone, images = picture("gone"), garden(3)
    default_storage.delete(gone.key)
    batch = made([images[0], gone, *images[1:]])
    assert states(batch) == ["done", "failed", "done", "done"]
    [_, row, *_rest] = report_rows(batch)
    assert row["reason"] == f"There is no file of {gone.key}."


def test_a_picture_without_a_face_fails_by_its_name_and_keeps_its_version_untouched() -> None:
    batch = made([with_a_face(), *garden(1)], {"region": "face", "part": "region", "margin": 20})
    assert states(batch) == ["done", "failed"]
    [face, other] = report_rows(batch)
    assert other["reason"] == "There is no face in this picture."
    made_of_face = Version.objects.get(pk=face["version"])
    assert made_of_face.region["kind"] == "face"
    assert 64 <= made_of_face.width < 200
    before, after = opened(made_of_face.canvas), compose(made_of_face)
    changed = (before != after).any(axis=2)
    outside = np.ones_like(changed)
    outside[made_of_face.crop.window] = False
    assert changed.any()
    assert not (changed & outside).any()
    assert Version.objects.count() == 1


def test_a_drawn_mask_is_laid_on_pictures_of_its_shape_and_on_no_others() -> None:
    drawn = np.zeros((60, 80), np.uint8)
    drawn[:20] = 255
    tall = picture("tall", content=_tall())
    batch = made([*garden(1), tall], {"region": "mask", "settings": {"feather": 0}}, mask=encode_png(drawn))
    assert states(batch) == ["done", "failed"]
    [done, failed] = report_rows(batch)
    version = Version.objects.get(pk=done["version"])
    changed = (opened(version.canvas) != compose(version)).any(axis=2)
    assert changed[:38].any()
    assert not changed[44:].any()
    assert failed["reason"] == "The mask is for pictures of 80×60, this one has 90×160."


def _tall() -> bytes:
    return encode_shown(noisy(160, 90), "jpeg")


def test_filled_the_whole_part_is_repainted() -> None:
    batch = made([with_a_face()], {"region": "face", "part": "region", "fill": True, "margin": 0})
    version = batch.items.get().version
    assert version is not None
    assert version.width * version.height < 256 * 256 / 2
    assert (opened(version.canvas) != compose(version)).any(axis=2)[version.crop.window].mean() > 0.95


def test_what_the_same_recipe_has_made_before_is_skipped_unless_it_shall_be_made_again() -> None:
    images = garden(3)
    first = made(images[:2])
    again = made(images)
    assert states(again) == ["skipped", "skipped", "done"]
    assert [row["version"] for row in report_rows(again)][:2] == [row["version"] for row in report_rows(first)]
    assert states(made(images, again=True)) == ["done"] * 3
    assert states(made(images, {"settings": {"seed": 8}})) == ["done"] * 3


def test_a_changed_file_is_another_picture() -> None:
    image = picture("a")
    made([image])
    picture("a", content=_tall())
    assert states(made([image])) == ["done"]


def test_its_seeds_follow_from_recipe_and_file() -> None:
    images = garden(2)
    seeds = [row.seed for row in Version.objects.filter(batch_items__batch=made(images, {})).order_by("slot__index")]
    assert len(set(seeds)) == 2
    again = made(images, {}, again=True)
    assert [row.seed for row in Version.objects.filter(batch_items__batch=again).order_by("slot__index")] == seeds


def test_it_is_paused_resumed_cancelled_and_retried_as_any_job() -> None:
    gone, images = picture("gone"), garden(2)
    content = read_file(gone.key)
    default_storage.delete(gone.key)
    batch = preview_batch(batch=planned([*images, gone]), numbers=[1])
    pause_job(job=job_of(batch))
    run_batch(batch=batch)
    assert work(engines=["quick"]) == 0
    assert states(batch) == ["paused"] * 3
    resume_job(job=job_of(batch))
    work(engines=["quick"])
    assert states(batch) == ["done", "done", "failed"]
    default_storage.save(gone.key, io.BytesIO(content))
    retry_failed(job=job_of(batch))
    work(engines=["quick"])
    assert states(batch) == ["done"] * 3
    stopped = run_batch(batch=planned(garden(2), again=True))
    cancel_job(job=job_of(stopped))
    assert work(engines=["quick"]) == 0
    assert states(stopped) == ["cancelled"] * 2


def test_run_after_a_cancelled_preview_it_goes_on() -> None:
    batch = preview_batch(batch=planned(garden(4)), numbers=[1])
    cancel_job(job=job_of(batch))
    run_batch(batch=batch)
    work(engines=["quick"])
    assert states(batch) == ["cancelled", "done", "done", "done"]
    assert job_of(batch).control == GenerationJob.Control.ACTIVE


def test_it_is_refused_before_anything_is_saved() -> None:
    images = garden(1)
    for given, described, error in (
        ({"range": "5...9"}, {}, BadSettingError),
        ({"region": "mask"}, {}, BadSettingError),
        ({"region": "mask"}, {"mask": b"no picture"}, BadLayerError),
        ({"region": "all"}, {"mask": encode_png(np.ones((9, 9), np.uint8))}, BadSettingError),
    ):
        with pytest.raises(error):
            planned(images, given, **described)
    assert not RetouchBatch.objects.exists()
    assert not BatchItem.objects.exists()
    assert not Canvas.objects.exists()


def test_the_report_counts_and_names_every_picture() -> None:
    gone = picture("gone")
    default_storage.delete(gone.key)
    batch = made([*garden(2), gone])
    assert counts_of(batch)["all"] == 3
    assert (counts_of(batch)["done"], counts_of(batch)["failed"]) == (2, 1)
    table = io.StringIO()
    write_table(table, report_rows(batch))
    [head, *lines] = table.getvalue().splitlines()
    assert head == ",".join(COLUMNS)
    assert len(lines) == 3
    assert "There is no file" in lines[2]


def test_credits_are_held_for_every_picture_and_charged_for_those_that_are_made() -> None:
    pia = curator(daily=3)
    gone, images = picture("gone"), garden(3)
    default_storage.delete(gone.key)
    batch = planned([*images, gone], by=pia)
    with pytest.raises(NoCreditsError):
        run_batch(batch=batch)
    assert states(batch) == ["waiting"] * 4
    batch = run_batch(batch=planned([*images[:2], gone], by=pia))
    with pytest.raises(NoCreditsError):
        run_batch(batch=planned(images[2:], by=pia))
    work(engines=["quick"])
    assert states(batch) == ["done", "done", "failed"]
    run_batch(batch=planned(images[2:], by=pia))
    work(engines=["quick"])
    with pytest.raises(NoCreditsError):
        retry_failed(job=job_of(batch))
