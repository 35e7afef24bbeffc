"""Versions of the retouch studio on their way into the pool and the garden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from curation.errors import EmotionMissingError, ImageKeyTakenError, NothingReplacedError, OperationFailedError
from curation.models import BulkOperation
from curation.models.operation import OperationKind
from curation.services.operations import check_may, publish_images, remove_images, replace_image, replacement
from garden.models import Image
from garden.services import save_image, write_image
from garden.storage.keys import POOL, SERVING, parse_key
from generation.engines.base import LETTERS, orientation_of_size
from generation.jobs import time_name
from generation.models import Canvas, Version
from generation.orders import pool_folder
from generation.retouch.render import encode_retouched, origin_of

_LETTER = re.compile(r"[hv]?$")
TRIES = 1_000


@dataclass(frozen=True, slots=True)
class Published:
    """The pool's picture of a version, and the operation that moved it (or the old one) where there was one."""

    image: Image
    operation: BulkOperation | None = None


def keep_version(*, version: Version, emotion: str = "", favorite: str = "") -> Image:
    """The picture of the pool that a finished version becomes; requested twice, it is one.

    A JPEG is made here, once, from the lossless layers. Raises NotFinishedError, EmotionMissingError, InvalidKeyError.
    """
    if version.image is not None:
        return version.image
    for key in keys_for(version.canvas, emotion, favorite):
        if not _is_taken(key):
            return _register(version, key)
    raise ImageKeyTakenError("There are too many versions of this picture.", key=version.canvas.title)


def publish_version(
    *,
    version: Version,
    by: AbstractBaseUser,
    in_place: bool = False,
    serve: bool = False,
    emotion: str = "",
    favorite: str = "",
    note: str = "",
) -> Published:
    """As a new picture (in the pool, or in the garden with `serve`), or in the place of the one it was made from.

    No file under a release is changed: the old picture goes to the shelf in the release that brings the new one; one
    that was never published goes to the trash. Asked twice it is done once. Raises NotAllowedError, and what
    `keep_version` raises, before anything is made.
    """
    old = shown_of(version.canvas) if in_place else None
    if in_place and old is None:
        raise NothingReplacedError("There is no picture in whose place it could go.", field="place")
    _check_may_publish(by, old, serve=serve)
    image = keep_version(version=version, emotion=emotion, favorite=favorite)
    operation: BulkOperation | None = None
    if old is not None and (old.state == Image.State.SERVING or replacement(old=old, new=image)):
        operation = replace_image(old=old, new=image, by=by, note=note)
    elif old is not None and old.state == Image.State.POOL:
        operation = remove_images(images=[old.pk], by=by, note=note)
    elif serve and image.state == Image.State.POOL:
        operation = publish_images(images=[image.pk], by=by, note=note)
    if operation is not None and operation.state == BulkOperation.State.FAILED:
        raise OperationFailedError(operation.error, act=str(operation.pk))
    image.refresh_from_db()
    return Published(image, operation)


def _check_may_publish(by: AbstractBaseUser, old: Image | None, *, serve: bool) -> None:
    if old is not None and old.state == Image.State.SERVING:
        check_may(by, OperationKind.REPLACE)
    elif old is not None and old.state == Image.State.POOL:
        check_may(by, OperationKind.REMOVE)
    elif serve:
        check_may(by, OperationKind.PUBLISH)


def shown_of(canvas: Canvas) -> Image | None:
    """The picture that others see of what was opened: of an original that was published, its copy in the garden."""
    image = canvas.image
    if image is not None and image.state == Image.State.PUBLISHED:
        return Image.objects.filter(published_from=image).first() or image
    return image


def keys_for(canvas: Canvas, emotion: str, favorite: str) -> Iterator[str]:
    """`…_6h.jpeg` is followed by `…_6-r1h.jpeg`, `…_6-r2h.jpeg`, …: beside the picture it was made from."""
    source = canvas.image.key if canvas.image else ""
    place = parse_key(source) if source else None
    emotion = emotion or (canvas.image.emotion if canvas.image else "")
    if not emotion:
        raise EmotionMissingError("Say which emotion this picture is for.", field="emotion")
    favorite = favorite or (place.favorite if place and place.emotion == emotion else "")
    stem = source.rpartition("/")[2].rpartition(".")[0] or time_name()
    letter = LETTERS[orientation_of_size(canvas.width, canvas.height)]
    if place is not None:
        letter = (_LETTER.search(stem) or [""])[0]
        stem = stem.removesuffix(letter)
    for number in count(1):
        if number > TRIES:
            return
        yield f"{pool_folder(emotion, favorite)}/{stem}-r{number}{letter}.jpeg"


def _is_taken(key: str) -> bool:
    served = f"{SERVING}/{key.removeprefix(f'{POOL}/')}"
    return Image.objects.filter(key__in=[key, served]).exists()


def _register(version: Version, key: str) -> Image:
    content = encode_retouched(version)
    image = write_image(
        key=key,
        content=content,
        origin=origin_of(version),
        model=version.model,
        prompt=version.settings.prompt_text,
        parameters=version.described(),
    )
    with transaction.atomic():
        held = Version.objects.select_for_update(no_key=True, of=["self"]).get(pk=version.pk)
        version.image = held.image or save_image(image)
        Version.objects.filter(pk=version.pk).update(image=version.image)
    return version.image
