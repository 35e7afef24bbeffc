"""The tree of a canvas: other opacities, what is current, and what differs between two versions."""

import uuid
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from generation.models import Canvas, Version
from generation.retouch.asking import next_numbers
from generation.retouch.composing import compose_or_opened
from generation.retouch.crop import Crop
from generation.retouch.errors import BadSettingError, NotFinishedError, VersionTakenError

_SAME = ("canvas", "parent", "x", "y", "width", "height", "region", "seed", "folder", "layers", "engine", "model")


@dataclass(frozen=True, slots=True)
class Difference:
    """`box` holds every pixel that differs, None where none does; `changed` is their share, `largest` of 255."""

    box: Crop | None
    changed: float
    largest: int
    mean: float
    settings: dict[str, tuple[Any, Any]]


def with_opacity(
    *, version: Version, opacity: float, by: AbstractBaseUser | None, version_id: uuid.UUID | None = None
) -> Version:
    """The same layers laid on more or less densely: another version, there at once. The same id twice is one.

    Raises NotFinishedError, BadSettingError, VersionTakenError.
    """
    if version.done_at is None:
        raise NotFinishedError("Its paint is not there yet.", version=str(version.pk))
    if isinstance(opacity, bool) or not isinstance(opacity, int | float) or not 0 <= opacity <= 1:
        raise BadSettingError("opacity", "must be a number from 0 to 1")
    known = Version.objects.filter(pk=version_id).first() if version_id else None
    if known is not None:
        if (known.folder, known.opacity) != (version.folder, opacity):
            raise VersionTakenError("This id belongs to another edit.", field="id")
        return known
    return _save_again(version, float(opacity), by, version_id or uuid.uuid4())


@transaction.atomic
def _save_again(version: Version, opacity: float, by: AbstractBaseUser | None, version_id: uuid.UUID) -> Version:
    [number] = next_numbers([version.canvas])
    again = Version(id=version_id, number=number, repeats=version, opacity=opacity, done_at=timezone.now())
    for name in _SAME:
        setattr(again, name, getattr(version, name))
    again.chosen = {**version.chosen, "opacity": opacity}
    again.by_id = by.pk if by else None
    again.save(force_insert=True)
    Canvas.objects.filter(pk=version.canvas_id).update(head=again)
    return again


def make_current(*, canvas: Canvas, version: Version | None) -> None:
    """Go back, or forward again, to a finished version; None is the picture as it was opened."""
    if version is not None and (version.done_at is None or version.canvas_id != canvas.pk):
        raise NotFinishedError("It is no finished version of this picture.", field="version")
    Canvas.objects.filter(pk=canvas.pk).update(head=version)
    canvas.head = version


def compare(canvas: Canvas, first: Version | None, second: Version | None) -> Difference:
    """Any two versions of a canvas, pixel by pixel and setting by setting. Raises NotFinishedError."""
    one, other = (compose_or_opened(canvas, version).astype(np.int16) for version in (first, second))
    gap = np.abs(one - other).max(axis=2)
    rows, columns = np.flatnonzero(gap.any(axis=1)), np.flatnonzero(gap.any(axis=0))
    box = None
    if rows.size:
        left, top = int(columns[0]), int(rows[0])
        box = Crop(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)
    return Difference(box, float((gap > 0).mean()), int(gap.max()), float(gap.mean()), _settings_apart(first, second))


def _settings_apart(first: Version | None, second: Version | None) -> dict[str, tuple[Any, Any]]:
    one, other = (version.described() if version else {} for version in (first, second))
    names = [name for name in {**one, **other} if name != "version"]
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}
