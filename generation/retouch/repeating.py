"""The same edit on other pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from garden.models import Image
from garden.models.image import ImageQuerySet
from generation.models import GenerationJob, Version
from generation.models.job import Priority
from generation.retouch.asking import Edit, begin_retouch
from generation.retouch.composing import LINE, MASK, REFERENCE
from generation.retouch.errors import BadCropError
from generation.retouch.files import read_file
from generation.retouch.opening import open_image
from generation.retouch.settings import RetouchSettings

DRAWN = (MASK, LINE, REFERENCE)


def siblings_of(version: Version) -> ImageQuerySet:
    """Other pictures of the same job and size, as long as they are not in the trash."""
    source, canvas = version.canvas.image_id or 0, version.canvas
    alike = Image.objects.filter(slot__job__slots__image=source, width=canvas.width, height=canvas.height)
    return alike.exclude(pk=source).exclude(state=Image.State.TRASH).order_by("-id")


def repeat_edit(
    *, version: Version, images: Sequence[Image], by: AbstractBaseUser | None, changes: Mapping[str, Any] | None = None
) -> tuple[GenerationJob, list[Version]]:
    """One job that does to each picture what was done here; `changes` are other settings.

    Raises BadCropError for a picture of another size, and what `begin_retouch` raises.
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
    return begin_retouch(edits=edits, by=by, title=title, priority=Priority.BULK)


def layers_again(version: Version) -> dict[str, bytes]:
    """What a curator gave to a version, as files: to be given to another."""
    given = set(version.layers) & set(DRAWN)
    if version.region.get("kind") != MASK:
        given -= {MASK}
    return {name: read_file(version.key_of(name)) for name in given}
