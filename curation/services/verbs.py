"""The acts by name, for views, commands and tests."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from curation.errors import ActConflictError, UnknownReleaseError
from curation.models import Act, ActItem, Release
from curation.models.act import UNDOABLE, Kind
from curation.services.acts import DEEDS, MOST, begin_act, continue_act, own_id, save_and_start
from curation.services.permissions import check_may_undo
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion


def publish_images(
    *, images: Collection[int], by: AbstractBaseUser | None, note: str = "", schedule: datetime | None = None
) -> Act:
    """`imgPool/x` becomes `emotions/x`, shelved pictures come back; at once, or when `schedule` has come."""
    return begin_act(kind=Kind.PUBLISH, by=by, images=images, note=note, schedule=schedule)


def remove_images(*, images: Collection[int], by: AbstractBaseUser | None, note: str = "") -> Act:
    """To the trash, wherever they are."""
    return begin_act(kind=Kind.REMOVE, by=by, images=images, note=note)


def withdraw_images(
    *, images: Collection[int], by: AbstractBaseUser | None, note: str = "", schedule: datetime | None = None
) -> Act:
    """Out of the garden; the file stays."""
    return begin_act(kind=Kind.WITHDRAW, by=by, images=images, note=note, schedule=schedule)


def replace_image(*, old: Image, new: Image, by: AbstractBaseUser | None, note: str = "") -> Act:
    """A picture of the pool goes into the garden in the place of one that is served, in one release.

    Asked twice it is done once. Raises EmotionMissingError or KeyTakenError before anything is saved.
    """
    existing = replacement(old=old, new=new)
    if existing:
        return continue_act(existing, Kind.REPLACE, existing.by)
    deed = DEEDS[Kind.REPLACE]
    deed.choose([new])
    act = Act(id=_id_of_replacement(old, new), kind=Kind.REPLACE, note=note, selection={"replaces": old.pk}, total=2)
    act.by_id = by.pk if by else None
    return save_and_start(act, [ActItem(image=new, key=deed.key_of(new)), ActItem(image=old, key=old.key)])


def replacement(*, old: Image, new: Image) -> Act | None:
    """The act that put one picture in the place of another, if there was one."""
    return Act.objects.filter(pk=_id_of_replacement(old, new)).first()


def _id_of_replacement(old: Image, new: Image) -> uuid.UUID:
    return own_id(f"replace {old.pk} by {new.pk}")


def restore_images(*, images: Collection[int], by: AbstractBaseUser | None, note: str = "") -> Act:
    """From the trash to where they were."""
    return begin_act(kind=Kind.RESTORE, by=by, images=images, note=note)


def purge_trash(*, older_than: timedelta, by: AbstractBaseUser | None = None, note: str = "") -> Act | None:
    """Delete for ever what has been in the trash for longer; None where there is nothing. At most 100,000 at once."""
    old = list(purgeable(older_than).order_by("trashed_at").values_list("pk", flat=True)[:MOST])
    return begin_act(kind=Kind.PURGE, by=by, images=old, note=note) if old else None


def purgeable(older_than: timedelta) -> ImageQuerySet:
    """Images whose file is missing are none: a storage that was away returns with the files."""
    removed = Image.objects.in_trash().exclude(trash_reason=Image.TrashReason.FILE_MISSING)
    return removed.filter(trashed_at__lt=timezone.now() - older_than)


def undo_act(*, act: Act, by: AbstractBaseUser | None, note: str = "") -> Act:
    """Everything goes back that nobody has moved since. Asked twice it is undone once."""
    undoing = Act.objects.filter(undoes=act).first()
    if act.kind in UNDOABLE:
        check_may_undo(by, act)
    if undoing:
        return continue_act(undoing, Kind.UNDO, undoing.by)
    if not act.is_undoable:
        raise ActConflictError("Only what is done can be undone, and not everything.", id=str(act.pk), kind=act.kind)
    pk = own_id(f"undo {act.pk}")
    return save_and_start(
        Act(id=pk, kind=Kind.UNDO, by_id=by.pk if by else None, note=note, undoes=act, total=act.total)
    )


def roll_back(
    *, garden: str, number: int, by: AbstractBaseUser | None, note: str = "", act_id: uuid.UUID | None = None
) -> Act:
    """Make the garden what it was at release `number`, as a new release; 0 is before the first one."""
    existing = Act.objects.filter(pk=act_id).first() if act_id else None
    if existing:
        return continue_act(existing, Kind.ROLL_BACK, by)
    known = Release.objects.of_garden(garden).filter(number=number).exists() if number else garden in set(Emotion)
    if not known:
        raise UnknownReleaseError(f"{garden} has no release {number}.", garden=garden, number=number)
    selection = {"garden": garden, "number": number}
    act = Act(kind=Kind.ROLL_BACK, by_id=by.pk if by else None, note=note, selection=selection)
    act.pk = act_id or act.pk
    return save_and_start(act)


def cancel_schedule(*, release: Release, by: AbstractBaseUser | None, note: str = "") -> Act:
    """A scheduled release never goes live. Asked twice it is cancelled once."""
    pk = own_id(f"cancel release {release.pk}")
    existing = Act.objects.filter(pk=pk).first()
    if existing and existing.state != Act.State.FAILED:
        return existing
    if release.number is not None or release.cancelled_at is not None:
        raise ActConflictError("This release waits no more: it went live, or it was cancelled.", release=release.pk)
    selection = {"release": release.pk}
    return existing or save_and_start(
        Act(id=pk, kind=Kind.CANCEL, by_id=by.pk if by else None, note=note, selection=selection)
    )
