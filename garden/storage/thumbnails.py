"""Copies of pictures: small ones for lists, 320 px on the long side as WebP, upright, sRGB and without metadata; and of
published pictures those for screens, as wide as a screen needs and in what its browser reads best.

Whoever else wants to look at a decoded picture is sent `picture_decoded`, so that it is decoded once.
"""

import contextlib
import io
import logging
import time
from collections.abc import Collection, Iterator, Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Picture
from PIL import ImageCms, ImageOps

from garden.errors import GardenError, RefusedError
from garden.faces.photo import BROKEN, opaque, upright
from garden.models import Image, ImageFile
from garden.models.image import ImageQuerySet
from garden.signals import picture_decoded
from garden.storage.keys import SERVING

logger = logging.getLogger(__name__)
FOLDER = "derived/320"
LONG_SIDE = 320
QUALITY = 80
MOST_PIXELS = 100_000_000
SIDES = (640, 1280)
"""Long sides in px of copies for screens; a picture is never enlarged."""
FORMS = {"avif": {"quality": 60, "speed": 8}, "webp": {"quality": 80, "method": 4}}
"""Best first; other browsers get the original JPEG."""
STAGES = 4
"""Of a grown picture, before the finished one."""
PARALLAX = ("far", "near")
AT_ONCE = 20
SRGB = ImageCms.createProfile("sRGB")


class UnreadablePictureError(RefusedError):
    """The file is no picture, breaks off, or is far too large; trying again cannot help."""

    code = "unreadable_picture"


def thumbnail_key(key: str) -> str:
    """Where the small copy of a picture lies, whether it was made or not."""
    return f"{FOLDER}/{key}.webp"


def screen_key(key: str, name: str) -> str:
    """`640.avif` of a picture lies under `derived/640/{key}.avif`."""
    side, _, form = name.partition(".")
    return f"derived/{side}/{key}.{form}"


def screen_keys(key: str) -> list[str]:
    """Where copies of a picture lie, whether they were made or not."""
    return [screen_key(key, f"{side}.{form}") for side in SIDES for form in FORMS]


def stage_key(key: str, number: int) -> str:
    """Where a stage of a grown picture lies, from 1 on."""
    return f"derived/stage{number}/{key}.jpeg"


def write_stages(key: str, stages: Sequence[bytes]) -> None:
    """How the picture grew, as JPEG files, oldest first; at most STAGES."""
    for number, content in enumerate(stages[:STAGES], 1):
        _write(stage_key(key, number), content)


def parallax_key(key: str, layer: str) -> str:
    """Where a layer of a picture lies, one of PARALLAX."""
    return f"derived/{layer}/{key}.webp"


def write_parallax(key: str, far: bytes, near: bytes) -> None:
    """The picture without what is near, and what is near, both as WebP."""
    for layer, content in zip(PARALLAX, (far, near), strict=True):
        _write(parallax_key(key, layer), content)


def best_screen(made: Collection[str], side: int, accepted: Collection[str]) -> str:
    """The name of the smallest copy that fills `side` px, in the best form that is accepted; empty for the original."""
    sides = [each for each in SIDES if each >= side] or [SIDES[-1]]
    for each in sides:
        for form in FORMS:
            if f"image/{form}" in accepted and f"{each}.{form}" in made:
                return f"{each}.{form}"
    return ""


def make_thumbnail(*, image: Image) -> bool:
    """File first, then the row. Returns whether it is there now; what went wrong is noted, never raised."""
    try:
        with default_storage.open(image.key) as stored:
            content: bytes = stored.read()
        small = shrink_picture(content)
        _write(thumbnail_key(image.key), _webp(small))
        screens = _write_screens(image, content)
        with transaction.atomic():
            picture_decoded.send(Image, image=image, small=small)
            ImageFile.objects.note_made(image, screens)
    except Exception as error:  # The boundary of the work: a storage raises what it likes.
        _note_failure(image, error)
        return False
    return True


def make_thumbnails(*, images: ImageQuerySet) -> Iterator[bool]:
    """For each image, newest first, whether its copy was made."""
    last = None
    while batch := list((images if last is None else images.filter(pk__lt=last)).order_by("-pk")[:AT_ONCE]):
        for image in batch:
            yield make_thumbnail(image=image)
        last = batch[-1].pk


def sweep_thumbnails(*, seconds: float) -> int:
    """Make those that no message led to, for a while; returns how many."""
    ends, made = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (ids := ImageFile.objects.missing_lately(AT_ONCE)):
        for image in Image.objects.filter(pk__in=ids):
            made += make_thumbnail(image=image)
    return made


def delete_derived(key: str) -> None:
    """Called when the picture's own file is deleted. Missing copies are no error."""
    stages = [stage_key(key, number + 1) for number in range(STAGES)]
    layers = [parallax_key(key, layer) for layer in PARALLAX]
    for name in (thumbnail_key(key), *screen_keys(key), *stages, *layers):
        default_storage.delete(name)


def shrink_picture(data: bytes) -> Picture.Image:
    """RGB, at most 320 px on its long side; the file is decoded once. Raises UnreadablePictureError."""
    try:
        with Picture.open(io.BytesIO(data)) as picture:
            return _small(picture)
    except (*BROKEN, Picture.DecompressionBombError) as error:
        raise UnreadablePictureError(f"The file is not a whole picture ({error}).") from error


def make_screens(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each copy; of a picture smaller than a screen there is none for that screen."""
    with Picture.open(io.BytesIO(data)) as picture:
        whole = opaque(upright(picture))
    for side in SIDES:
        if max(whole.size) < side:
            return
        copy = ImageOps.contain(whole, (side, side), Picture.Resampling.LANCZOS)
        for form, options in FORMS.items():
            stream = io.BytesIO()
            copy.save(stream, form.upper(), **options)
            yield f"{side}.{form}", stream.getvalue()


def _write_screens(image: Image, content: bytes) -> list[str]:
    """Only what was published is shown on screens."""
    if not image.key.startswith(f"{SERVING}/"):
        return []
    names = []
    for name, data in make_screens(content):
        _write(screen_key(image.key, name), data)
        names.append(name)
    return names


def _note_failure(image: Image, error: Exception) -> None:
    problem = error.detail if isinstance(error, GardenError) else f"{type(error).__name__}: {error}"
    logger.warning("No thumbnail of %s: %s", image.key, problem)
    if Image.objects.filter(pk=image.pk).exists():
        ImageFile.objects.note_failure(image, problem, permanent=isinstance(error, GardenError))


def _write(name: str, content: bytes) -> None:
    if default_storage.save(name, ContentFile(content)) != name:
        raise OSError(f"The storage renamed {name}.")


def _small(picture: Picture.Image) -> Picture.Image:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(f"more than {MOST_PIXELS} pixels")
    picture.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))
    whole = upright(picture)
    plain = whole if whole.mode in ("RGB", "L", "CMYK") else opaque(whole)
    small = ImageOps.contain(plain, (LONG_SIDE, LONG_SIDE), Picture.Resampling.LANCZOS)
    return opaque(_srgb(small, picture.info.get("icc_profile")))


def _srgb(small: Picture.Image, profile: bytes | None) -> Picture.Image:
    """In the colours that every browser shows; a profile that cannot be read is passed over."""
    if not profile or small.mode not in ("RGB", "CMYK"):
        return small
    with contextlib.suppress(ImageCms.PyCMSError, OSError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(small, source, SRGB, outputMode="RGB") or small
    return small


def _webp(small: Picture.Image) -> bytes:
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=QUALITY, method=4)
    return stream.getvalue()
