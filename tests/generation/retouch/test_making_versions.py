"""A retouch from the request to its layers, through the queue."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from garden.errors import RefusedError
from garden.models import Image
from generation.engines.base import ignore_steps
from generation.jobs import cancel_job, retry_failed
from generation.models import Slot, Version
from generation.queue import leases
from generation.queue.handlers import handler_of
from generation.queue.result_pool import store_rows
from generation.queue.worker import work
from generation.retouch.pixels import encode_png
from generation.retouch.settings import Crop
from generation.retouch.versions import compose, layer, open_image, open_upload, opened, read_file
from tests.generation.retouch.samples import CROP, ask, edit, made, noisy, picture, spot

pytestmark = pytest.mark.django_db


QUICK = ["quick"]


def test_it_repaints_under_the_mask_and_changes_nothing_beyond_its_feather() -> None:
    version = made()
    before, after, alpha = opened(version.canvas), compose(version), layer(version, "alpha")
    outside = np.ones(before.shape[:2], bool)
    outside[CROP.window] = alpha == 0
    assert (before[outside] == after[outside]).all()
    assert (after[CROP.window][alpha == 255] == layer(version, "patch")[alpha == 255]).all()
    assert 0 < (alpha == 255).mean() < 0.5


def test_it_keeps_every_layer_as_a_lossless_file() -> None:
    version = made(line_weight=1)
    assert version.layers == ["mask", "line", "crop", "patch", "alpha"]
    assert all(default_storage.exists(version.key_of(name)) for name in version.layers)
    assert (layer(version, "crop") == opened(version.canvas)[CROP.window]).all()


def test_it_never_touches_the_picture_that_was_opened() -> None:
    image = picture()
    content = read_file(image.key)
    made(open_image(image=image, by=None))
    assert read_file(image.key) == content
    assert Image.objects.count() == 1


def test_its_versions_outlive_the_picture() -> None:
    image = picture()
    version = made(open_image(image=image, by=None))
    before = compose(version)
    default_storage.delete(image.key)
    image.delete()
    version = Version.objects.get(pk=version.pk)
    assert (compose(version) == before).all()
    assert version.canvas.image is None


def test_a_picture_opened_twice_is_one_canvas_and_a_changed_file_is_another() -> None:
    image = picture()
    first = open_image(image=image, by=None)
    assert open_image(image=image, by=None) == first
    changed = picture(content=encode_png(noisy(seed=9)))
    assert changed == image
    assert open_image(image=changed, by=None) != first


def test_an_upload_is_a_canvas_without_an_image() -> None:
    canvas = open_upload(content=encode_png(noisy()), title="mine.png", by=None)
    assert canvas.image is None
    assert made(canvas).done_at is not None
    with pytest.raises(RefusedError) as refused:
        open_upload(content=b"%PDF", title="no picture", by=None)
    assert refused.value.extra["field"] == "file"


def test_a_version_of_a_version_has_both_edits() -> None:
    first = made(seed=5)
    canvas = first.canvas
    [second] = ask([edit(canvas, crop=Crop(0, 0, 64, 64), parent=first, seed=9)])
    work(engines=QUICK)
    second.refresh_from_db()
    assert (layer(second, "crop") == compose(first)[:64, :64]).all()
    assert second.number == first.number + 1
    canvas.refresh_from_db()
    assert canvas.head_id == second.pk


def test_it_takes_a_seed_by_chance_and_keeps_it() -> None:
    canvas = open_image(image=picture(), by=None)
    versions = ask([edit(canvas, seed=None), edit(canvas, seed=None)])
    assert versions[0].seed != versions[1].seed
    assert versions[0].slot is not None
    assert versions[0].seed == versions[0].slot.seed == versions[0].chosen["seed"]


def test_the_same_request_twice_is_one_version() -> None:
    request_data = edit(open_image(image=picture(), by=None))
    assert ask([request_data], request_key="one") == ask([request_data], request_key="one")
    assert Version.objects.count() == Slot.objects.count() == 1


def test_an_id_belongs_to_one_edit_and_its_files_are_never_written_again() -> None:
    request_data = edit(open_image(image=picture(), by=None))
    [version] = ask([request_data], request_key="one")
    drawn = read_file(version.key_of("mask"))
    with pytest.raises(RefusedError):
        ask([replace(request_data, mask=spot(margin=2))], request_key="other")
    assert read_file(version.key_of("mask")) == drawn


def test_without_strength_only_the_filters_work_and_no_engine_is_asked() -> None:
    version = made(strength=0)
    assert (compose(version) == opened(version.canvas)).all()
    assert version.engine == ""


def test_all_is_a_region_that_needs_no_mask() -> None:
    request_data = replace(edit(open_image(image=picture(), by=None), feather=0), region={"kind": "all"}, mask=None)
    [version] = ask([request_data])
    work(engines=QUICK)
    version.refresh_from_db()
    assert (layer(version, "alpha") == 255).all()


@pytest.mark.parametrize("prompt", ["away", "crash"])
def test_it_is_tried_again_after_a_failure_and_done_once(prompt: str, settings: Any) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 1
    [version] = ask([edit(open_image(image=picture(), by=None), prompt=[prompt])])
    work(engines=QUICK)
    version.refresh_from_db()
    assert version.state == "failed"
    assert version.slot is not None
    Slot.objects.update(prompt="calm")
    assert retry_failed(job=version.slot.job) == 1
    assert work(engines=QUICK) == 1
    version.refresh_from_db()
    assert version.state == "done"


def test_a_cancelled_version_is_not_made() -> None:
    [version] = ask([edit(open_image(image=picture(), by=None))])
    assert version.slot is not None
    cancel_job(job=version.slot.job)
    assert work(engines=QUICK) == 0
    version = Version.objects.get(pk=version.pk)
    assert (version.state, version.done_at) == ("cancelled", None)


def test_many_edits_are_one_job_of_which_one_failure_stops_no_other() -> None:
    canvases = [open_image(image=picture(name), by=None) for name in ("a", "bb", "ccc")]
    edits = [edit(canvas, prompt=["refused" if place == 1 else "calm"]) for place, canvas in enumerate(canvases)]
    versions = ask(edits)
    assert work(engines=QUICK) == 2
    assert [Version.objects.get(pk=version.pk).state for version in versions] == ["done", "failed", "done"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"crop": Crop(0, 0, 63, 64)}, "crop.width"),
        ({"crop": Crop(0, 100, 64, 64)}, "crop.height"),
        ({"crop": Crop(-1, 0, 64, 64)}, "crop.width"),
        ({"mask": None}, "mask"),
        ({"mask": b"no picture"}, "mask"),
        ({"mask": spot(Crop(0, 0, 64, 64), 5)}, "mask"),
        ({"mask": encode_png(np.zeros((72, 80), np.uint8))}, "mask"),
        ({"line": spot(Crop(0, 0, 64, 64), 5)}, "line"),
        ({"reference": b"no picture"}, "reference"),
        ({"region": {"kind": "moon"}}, "region"),
    ],
)
def test_it_refuses_what_it_cannot_do_naming_the_field_before_anything_is_saved(
    change: dict[str, Any], field: str
) -> None:
    request_data = replace(edit(open_image(image=picture(), by=None)), **change)
    with pytest.raises(RefusedError) as refused:
        ask([request_data])
    assert refused.value.extra["field"] == field
    assert not Version.objects.exists()
    assert not Slot.objects.exists()


def test_it_refuses_what_the_engine_has_not() -> None:
    canvas = open_image(image=picture(), by=None)
    wrong: list[tuple[dict[str, Any], str]] = [({"sampler": "ddim"}, "sampler"), ({"engine": "none"}, "engine")]
    for settings, field in wrong:
        with pytest.raises(RefusedError) as refused:
            ask([edit(canvas, **settings)])
        assert refused.value.extra["field"] == field


def test_a_canvas_goes_with_all_its_versions() -> None:
    first = made()
    ask([edit(first.canvas, parent=first)])
    first.canvas.delete()
    assert not Version.objects.exists()


def test_a_parent_must_be_a_finished_version_of_the_same_picture() -> None:
    canvas = open_image(image=picture(), by=None)
    [waiting] = ask([edit(canvas)])
    elsewhere = made(open_image(image=picture("bb"), by=None))
    for parent in (waiting, elsewhere):
        with pytest.raises(RefusedError):
            ask([replace(edit(canvas, parent=parent), id=uuid.uuid4())])


def test_what_a_silent_worker_left_is_made_by_another_and_its_own_late_answer_is_refused() -> None:
    [version] = ask([edit(open_image(image=picture(), by=None))])
    lease = leases.claim(worker="dead", engines=["quick"])
    assert lease is not None
    [late] = handler_of(lease.slots[0]).work(lease.slots, ignore_steps)
    Slot.objects.update(lease_deadline=timezone.now() - timedelta(seconds=1))
    assert leases.requeue_expired() == 1
    assert work(engines=["quick"]) == 1
    done_at = Version.objects.get(pk=version.pk).done_at
    assert store_rows(lease, [late]) == 0
    assert Version.objects.get(pk=version.pk).done_at == done_at
