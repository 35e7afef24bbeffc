"""Queues edits: layers are stored, then a version, its slot and its job are saved together."""

import dataclasses
import hashlib
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from garden.errors import GardenError
from garden.models import Image
from garden.models.image import ImageQuerySet
from generation.available_models import engine_name, get_inpainter, refuse_unable_settings
from generation.credits import NoCreditsError, require_credits, within_credits
from generation.engines.base import EngineUnavailableError, PictureRequest, orientation_of_size
from generation.jobs import JobStateError, SlotSpec, cancel_job, submit_job
from generation.models import Canvas, GenerationJob, Slot, Version
from generation.models.job import Priority, SlotKind
from generation.queue.progress import first_error, sentence_of, wait_for, workers_online
from generation.retouch.pixels import encode_png, read_mask, read_picture
from generation.retouch.regions import DRAWN, read_region
from generation.retouch.settings import (
    SEEDS,
    BadCropError,
    BadLayerError,
    Crop,
    NotFinishedError,
    RetouchSettings,
    VersionTakenError,
)
from generation.retouch.versions import (
    LINE,
    MASK,
    PATCH,
    REFERENCE,
    ROOT,
    next_numbers,
    open_image,
    open_upload,
    read_file,
    write_file,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a canvas, or of one of its versions. Layers are files (PNG; a reference of any format)."""

    canvas: Canvas
    crop: Crop
    settings: RetouchSettings
    parent: Version | None = None
    repeats: Version | None = None
    region: Mapping[str, Any] = field(default_factory=lambda: {"kind": DRAWN})
    mask: bytes | None = None
    line: bytes | None = None
    reference: bytes | None = None
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def folder(self) -> str:
        return f"{ROOT}/{self.canvas.pk}/{self.id}"

    def checked(self) -> "Edit":
        """The same with a seed. Raises BadCropError, BadSettingError, UnsupportedAbilityError, NotFinishedError."""
        self.crop.check(self.canvas.width, self.canvas.height)
        refuse_unable_settings(self.settings)
        region = read_region(self.region)
        if region["kind"] == DRAWN and self.mask is None:
            raise BadLayerError("mask is missing.", field="mask")
        if self.parent is not None and (self.parent.done_at is None or self.parent.canvas_id != self.canvas.pk):
            raise NotFinishedError("The parent is no finished version of this picture.", field="parent")
        seed = random.randrange(SEEDS) if self.settings.seed is None else self.settings.seed
        return dataclasses.replace(self, region=region, settings=dataclasses.replace(self.settings, seed=seed))


def submit_retouch(
    *,
    edits: Sequence[Edit],
    by: AbstractBaseUser | None,
    title: str = "",
    request_key: str | None = None,
    priority: Priority = Priority.SINGLE,
    request: dict[str, Any] | None = None,
) -> tuple[GenerationJob, list[Version]]:
    """One job, a slot and a version for each edit. A repeated `request_key` returns the existing job.

    All edits are for one engine. Raises what `Edit.checked` raises, BadLayerError, and NoCreditsError, before anything
    is saved.
    """
    known = _job_of(request_key)
    if known is None:
        try:
            known = _begin(edits, by, title, request_key=request_key, priority=priority, request=request)
        except NoCreditsError:  # Paid for by the same request, which came just before?
            known = _job_of(request_key)
            if known is None:
                raise
    return known, versions_of(known)


def versions_of(job: GenerationJob) -> list[Version]:
    """A job's versions in the order of their requests."""
    return list(Version.objects.filter(slot__job=job).select_related("slot", "canvas", "by").order_by("slot__index"))


def _job_of(request_key: str | None) -> GenerationJob | None:
    return GenerationJob.objects.filter(request_key=request_key).first() if request_key else None


def _begin(edits: Sequence[Edit], by: AbstractBaseUser | None, title: str, **described: Any) -> GenerationJob:
    engine = engine_name(edits[0].settings)
    require_credits(by, len(edits), engine)
    checked = [edit.checked() for edit in edits]
    if Version.objects.filter(pk__in=[edit.id for edit in edits]).exists():
        raise VersionTakenError("This id belongs to another edit.", field="id")
    drawn = [_read_layers(edit) for edit in checked]
    for edit, layers in zip(checked, drawn, strict=True):
        for name, content in layers.items():
            write_file(f"{edit.folder}/{name}.png", content)
    with transaction.atomic(), within_credits([by]) as prices:
        job = submit_job(
            title=title or checked[0].canvas.title,
            pictures=(_wanted(index, edit) for index, edit in enumerate(checked)),
            engine=engine,
            owner=by,
            **described,
        )
        if not Version.objects.filter(slot__job=job).exists():
            _save_versions(job, checked, drawn, by, prices.of(by, engine))
    return job


def _read_layers(edit: Edit) -> dict[str, bytes]:
    """The uploaded layers as lossless PNG files."""
    layers: dict[str, bytes] = {}
    for name, content in ((MASK, edit.mask), (LINE, edit.line)):
        if content is not None:
            mask = read_mask(content, edit.crop.size, name)
            if not mask.any():
                raise BadLayerError(f"{name} is empty.", field=name)
            layers[name] = encode_png(mask)
    if edit.reference is not None:
        layers[REFERENCE] = encode_png(read_picture(edit.reference, REFERENCE))
    return layers


def _wanted(index: int, edit: Edit) -> SlotSpec:
    return patch_spec(index, f"{edit.folder}/{PATCH}.png", edit.settings, edit.crop.size)


def patch_spec(index: int, key: str, requested: RetouchSettings, size: tuple[int, int]) -> SlotSpec:
    """The slot of a crop of this width and height."""
    width, height = get_inpainter(engine_name(requested)).inpaint_size(*size, requested.model)
    request = PictureRequest(
        prompt=requested.prompt_text,
        width=width,
        height=height,
        seed=requested.seed or 0,
        negative_prompt=requested.negative_text,
        model=requested.model,
        steps=requested.steps,
        guidance_scale=requested.guidance,
    )
    return SlotSpec(index, orientation_of_size(*size), key, request, kind=SlotKind.RETOUCH)


def _save_versions(
    job: GenerationJob,
    edits: Sequence[Edit],
    drawn: Sequence[dict[str, bytes]],
    by: AbstractBaseUser | None,
    price: int,
) -> None:
    slots: Iterator[Slot] = iter(job.slots.order_by("index"))
    numbers = next_numbers([edit.canvas for edit in edits])
    Version.objects.bulk_create(
        Version(
            id=edit.id,
            canvas=edit.canvas,
            number=numbers[place],
            parent=edit.parent,
            repeats=edit.repeats,
            region=dict(edit.region),
            chosen=edit.settings.as_json(),
            seed=edit.settings.seed or 0,
            opacity=edit.settings.opacity,
            folder=edit.folder,
            layers=list(layers),
            slot=slot,
            price=price,
            by_id=by.pk if by else None,
            **edit.crop.as_json(),
        )
        for place, (edit, layers, slot) in enumerate(zip(edits, drawn, slots, strict=True))
    )


def siblings_of(version: Version) -> ImageQuerySet:
    """Other pictures of the same job and size that are not in the trash."""
    source, canvas = version.canvas.image_id or 0, version.canvas
    alike = Image.objects.filter(slot__job__slots__image=source, width=canvas.width, height=canvas.height)
    return alike.exclude(pk=source).exclude(state=Image.State.TRASH).order_by("-id")


def repeat_edit(
    *, version: Version, images: Sequence[Image], by: AbstractBaseUser | None, changes: Mapping[str, Any] | None = None
) -> tuple[GenerationJob, list[Version]]:
    """One job that applies this version's edit to each picture; `changes` override settings.

    Raises BadCropError for a picture of another size, and what `submit_retouch` raises.
    """
    settings = RetouchSettings.from_json({**version.chosen, **(changes or {})})
    size = (version.canvas.width, version.canvas.height)
    if other := [image.key for image in images if (image.width, image.height) != size]:
        raise BadCropError(f"{other[0]} is not of {size[0]}×{size[1]} as this picture is.", field="images", keys=other)
    drawn = layers_again(version)
    edits = [
        Edit(
            canvas=open_image(image=image, by=by),
            crop=version.crop,
            settings=settings,
            repeats=version,
            region=version.region,
            mask=drawn.get(MASK),
            line=drawn.get(LINE),
            reference=drawn.get(REFERENCE),
        )
        for image in images
    ]
    title = f"{version.canvas.title} v{version.number} × {len(edits)}"
    return submit_retouch(edits=edits, by=by, title=title, priority=Priority.BULK)


def layers_again(version: Version) -> dict[str, bytes]:
    """The uploaded layers of a version as files, for another version."""
    given = set(version.layers) & {MASK, LINE, REFERENCE}
    if version.region.get("kind") != MASK:
        given -= {MASK}
    return {name: read_file(version.key_of(name)) for name in given}


class TooSlowError(GardenError):
    """Workers are online, but it was not finished in time."""

    code = "too_slow"
    status = 504


def canvas_for(content: bytes, *, title: str, by: AbstractBaseUser) -> Canvas:
    """The canvas of an uploaded picture; equal bytes have the same canvas. Raises BadLayerError."""
    name = f"{by.pk}:{hashlib.sha256(content).hexdigest()}"
    return open_upload(content=content, title=title, by=by, canvas_id=uuid.uuid5(uuid.NAMESPACE_OID, name))


def render(*, edit: Edit, by: AbstractBaseUser, seconds: float) -> Version:
    """The finished version. Raises the errors of `submit_retouch`, EngineUnavailableError and TooSlowError.

    What is not finished in time is cancelled, and nothing is charged.
    """
    job, [version] = submit_retouch(edits=[edit], by=by)
    if not wait_for(job, seconds):
        with suppress(JobStateError):  # It finished meanwhile.
            cancel_job(job=job)
    made = Version.objects.select_related("canvas").get(pk=version.pk)
    if made.done_at is None:
        raise _reason(job, engine_name(edit.settings), seconds)
    return made


def _reason(job: GenerationJob, engine: str, seconds: float) -> GardenError:
    if job.control != GenerationJob.Control.CANCELLED:
        return EngineUnavailableError(sentence_of(first_error(job)) or "It was not made.", job=str(job.pk))
    if not workers_online(engine):
        return EngineUnavailableError(f"No worker is there for {engine}. Nothing was charged.", job=str(job.pk))
    return TooSlowError(f"It was not finished within {seconds:g} s, and withdrawn. Nothing was charged.")
