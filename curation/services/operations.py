"""Acts on many pictures: requested with one id, saved first, run here or by a worker, started again after a crash."""

import logging
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from curation.errors import (
    NotAllowedError,
    OperationConflictError,
    ScheduleError,
    TooManyPicturesError,
    UnknownReleaseError,
)
from curation.library.filters import ImageFilter
from curation.library.paging import batches
from curation.models import BulkOperation, BulkOperationItem, Release
from curation.models.operation import UNDOABLE, Kind
from curation.services.handlers import OperationHandler, Purge, Remove, Restore, Withdraw
from curation.services.history import Cancel, Label, RollBack, Undo
from curation.services.publishing import Publish, Replace
from garden.access.audit_log import record
from garden.broker import enqueue
from garden.errors import GardenError
from garden.models import Image
from garden.models.audit import AuditKind
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion

PERMISSIONS: dict[str, str] = {
    Kind.REMOVE: "curation.remove_images",
    Kind.PUBLISH: "curation.publish_images",
    Kind.RESTORE: "curation.restore_images",
    Kind.WITHDRAW: "curation.publish_images",
    Kind.LABEL: "curation.decide",
    Kind.REPLACE: "curation.publish_images",
    Kind.PURGE: "curation.purge_trash",
    Kind.ROLL_BACK: "curation.roll_back_release",
    Kind.CANCEL: "curation.publish_images",
}


def needed_for(kind: str) -> str:
    return PERMISSIONS[kind]


def check_may(by: AbstractBaseUser | AnonymousUser | None, kind: str) -> None:
    """Commands and the clock (`by` is None) may do anything. Raises NotAllowedError."""
    if by is None or (isinstance(by, PermissionsMixin) and by.has_perm(needed_for(kind))):
        return
    raise NotAllowedError("You may not do this.", needed=needed_for(kind))


def check_may_undo(by: AbstractBaseUser | AnonymousUser | None, operation: BulkOperation) -> None:
    """Who may do it may undo it."""
    check_may(by, operation.kind)


logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Acts of so many pictures are done before the answer; larger ones are a worker's."""
MOST = 100_000
SURPRISE = "Something broke here; it was logged. The same act may be started again."
HANDLERS: dict[str, OperationHandler] = {
    Kind.REMOVE: Remove(),
    Kind.PUBLISH: Publish(),
    Kind.RESTORE: Restore(),
    Kind.WITHDRAW: Withdraw(),
    Kind.LABEL: Label(),
    Kind.REPLACE: Replace(),
    Kind.PURGE: Purge(),
    Kind.ROLL_BACK: RollBack(),
    Kind.CANCEL: Cancel(),
    Kind.UNDO: Undo(),
}
SCHEDULABLE = (Kind.PUBLISH, Kind.WITHDRAW)
_NEEDED = ("id", "key", "emotion", "favorite", "state", "content_hash")


def begin_operation(
    *,
    kind: str,
    by: AbstractBaseUser | None,
    images: Collection[int] = (),
    selection: ImageFilter | None = None,
    note: str = "",
    operation_id: uuid.UUID | None = None,
    schedule: datetime | None = None,
    labels: Mapping[str, str] | None = None,
) -> BulkOperation:
    """Do `kind` to images by id, or to all that a filter finds now. The same `act_id` again is the same operation.

    `labels` are the new `emotion`, `favorite` or both of a `label` operation.

    What it does not fit is left alone. Raises a branch of RefusedError before anything is saved; what fails later is
    told by the operation.
    """
    existing = BulkOperation.objects.filter(pk=operation_id).first() if operation_id else None
    if existing:
        return continue_operation(existing, kind, by)
    if schedule is not None and (kind not in SCHEDULABLE or schedule <= timezone.now()):
        raise ScheduleError(f"Only {' and '.join(SCHEDULABLE)} can wait, and only for a time to come.")
    chosen = HANDLERS[kind].choose(_fitting(HANDLERS[kind], images, selection))
    asked: dict[str, Any] = {"filter": selection.as_query()} if selection else {"images": len(images)}
    if labels:
        asked["labels"] = dict(labels)
    operation = BulkOperation(
        kind=kind, by_id=by.pk if by else None, note=note, selection=asked, goes_live_at=schedule, total=len(chosen)
    )
    operation.pk = operation_id or operation.pk
    return save_and_start(
        operation, [BulkOperationItem(image=image, key=HANDLERS[kind].key_of(image)) for image in chosen]
    )


def save_and_start(operation: BulkOperation, items: Collection[BulkOperationItem] = ()) -> BulkOperation:
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
            for item in items:
                item.operation = operation
            BulkOperationItem.objects.bulk_create(items)
            record(
                AuditKind.ACT, f"{operation.kind} {operation.total}", who=_name_of(operation.by), act=str(operation.pk)
            )
    except IntegrityError:
        existing = BulkOperation.objects.filter(pk=operation.pk).first()
        if existing is None:
            raise
        return continue_operation(existing, operation.kind, operation.by)
    return _start(operation)


def _name_of(person: AbstractBaseUser | None) -> str:
    return person.get_username() if person else ""


def own_id(name: str) -> uuid.UUID:
    """The id of an operation that the garden names itself: the same name is the same one, and no client can take it."""
    return uuid.UUID(bytes=salted_hmac("curation.act", name).digest()[:16])


def continue_operation(operation: BulkOperation, kind: str, by: Any) -> BulkOperation:
    """Asked for once more: a finished one is answered, any other is taken up where it was left."""
    if (operation.kind, operation.by_id) != (kind, by and by.pk):
        raise OperationConflictError("This id belongs to another act.", id=str(operation.pk))
    return operation if operation.state == BulkOperation.State.DONE else _start(operation)


def run_operation(*, operation_id: uuid.UUID) -> BulkOperation:
    """Carry an operation out, or what is left of it. Two at once do no harm: one of them changes the rows."""
    unfinished = BulkOperation.objects.filter(pk=operation_id).exclude(state=BulkOperation.State.DONE)
    unfinished.update(state=BulkOperation.State.RUNNING, error="", moved_at=timezone.now())
    operation = BulkOperation.objects.get(pk=operation_id)
    if operation.state == BulkOperation.State.DONE:
        return operation
    try:
        _carry_out(operation)
    except GardenError as error:
        _fail(operation, error.detail)
    except Exception:  # The boundary of the work: whatever it was, the operation tells that it failed.
        logger.exception("Act %s failed.", operation.pk)
        _fail(operation, SURPRISE)
    operation.refresh_from_db()
    return operation


def _start(operation: BulkOperation) -> BulkOperation:
    if operation.total <= AT_ONCE:
        return run_operation(operation_id=operation.pk)
    enqueue("curation.tasks.carry_out", str(operation.pk))
    return operation


def _carry_out(operation: BulkOperation) -> None:
    handler = HANDLERS[operation.kind]
    if operation.applied_at is None:
        handler.prepare(operation)
    with transaction.atomic():
        operation = BulkOperation.objects.select_for_update().get(pk=operation.pk)
        if operation.applied_at is None:
            handler.apply(operation)
            operation.applied_at = operation.applied_at or timezone.now()
            operation.state = BulkOperation.State.RUNNING if handler.cleans_up else BulkOperation.State.DONE
            operation.done = 0 if handler.cleans_up else operation.total
            operation.save()
    handler.clean_up(operation)
    BulkOperation.objects.filter(pk=operation.pk).update(
        state=BulkOperation.State.DONE, done=operation.total, moved_at=timezone.now()
    )


def _fail(operation: BulkOperation, error: str) -> None:
    """Unless another worker finished it meanwhile."""
    unfinished = BulkOperation.objects.filter(pk=operation.pk).exclude(state=BulkOperation.State.DONE)
    unfinished.update(state=BulkOperation.State.FAILED, error=error, moved_at=timezone.now())


def _fitting(handler: OperationHandler, images: Collection[int], selection: ImageFilter | None) -> list[Image]:
    fitting = Image.objects.filter(state__in=handler.fits).only(*_NEEDED)
    if selection is not None:
        chosen = list(selection.apply(fitting).order_by("-id")[: MOST + 1])
    else:
        ids = list(dict.fromkeys(images))[: MOST + 1]
        chosen = [image for some in batches(ids) for image in fitting.filter(pk__in=some).order_by("-id")]
    if len(chosen) > MOST:
        raise TooManyPicturesError(f"At most {MOST:,} pictures at once.", most=MOST)
    return chosen


def publish_images(
    *, images: Collection[int], by: AbstractBaseUser | None, note: str = "", schedule: datetime | None = None
) -> BulkOperation:
    """`imgPool/x` becomes `emotions/x`, shelved pictures come back; at once, or when `schedule` has come."""
    return begin_operation(kind=Kind.PUBLISH, by=by, images=images, note=note, schedule=schedule)


def remove_images(*, images: Collection[int], by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """To the trash, wherever they are."""
    return begin_operation(kind=Kind.REMOVE, by=by, images=images, note=note)


def withdraw_images(
    *, images: Collection[int], by: AbstractBaseUser | None, note: str = "", schedule: datetime | None = None
) -> BulkOperation:
    """Out of the garden; the file stays."""
    return begin_operation(kind=Kind.WITHDRAW, by=by, images=images, note=note, schedule=schedule)


def replace_image(*, old: Image, new: Image, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """A picture of the pool goes into the garden in the place of one that is served, in one release.

    Asked twice it is done once. Raises EmotionMissingError or KeyTakenError before anything is saved.
    """
    existing = replacement(old=old, new=new)
    if existing:
        return continue_operation(existing, Kind.REPLACE, existing.by)
    handler = HANDLERS[Kind.REPLACE]
    handler.choose([new])
    operation = BulkOperation(
        id=_id_of_replacement(old, new), kind=Kind.REPLACE, note=note, selection={"replaces": old.pk}, total=2
    )
    operation.by_id = by.pk if by else None
    return save_and_start(
        operation, [BulkOperationItem(image=new, key=handler.key_of(new)), BulkOperationItem(image=old, key=old.key)]
    )


def replacement(*, old: Image, new: Image) -> BulkOperation | None:
    """The operation that put one picture in the place of another, if there was one."""
    return BulkOperation.objects.filter(pk=_id_of_replacement(old, new)).first()


def _id_of_replacement(old: Image, new: Image) -> uuid.UUID:
    return own_id(f"replace {old.pk} by {new.pk}")


def restore_images(*, images: Collection[int], by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """From the trash to where they were."""
    return begin_operation(kind=Kind.RESTORE, by=by, images=images, note=note)


def purge_trash(*, older_than: timedelta, by: AbstractBaseUser | None = None, note: str = "") -> BulkOperation | None:
    """Delete for ever what has been in the trash for longer; None where there is nothing. At most 100,000 at once."""
    old = list(purgeable(older_than).order_by("trashed_at").values_list("pk", flat=True)[:MOST])
    return begin_operation(kind=Kind.PURGE, by=by, images=old, note=note) if old else None


def purgeable(older_than: timedelta) -> ImageQuerySet:
    """Images whose file is missing are none: a storage that was away returns with the files."""
    removed = Image.objects.in_trash().exclude(trash_reason=Image.TrashReason.FILE_MISSING)
    return removed.filter(trashed_at__lt=timezone.now() - older_than)


def undo_operation(*, operation: BulkOperation, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """Everything goes back that nobody has moved since. Asked twice it is undone once."""
    undoing = BulkOperation.objects.filter(undoes=operation).first()
    if operation.kind in UNDOABLE:
        check_may_undo(by, operation)
    if undoing:
        return continue_operation(undoing, Kind.UNDO, undoing.by)
    if not operation.is_undoable:
        raise OperationConflictError(
            "Only what is done can be undone, and not everything.", id=str(operation.pk), kind=operation.kind
        )
    pk = own_id(f"undo {operation.pk}")
    return save_and_start(
        BulkOperation(
            id=pk, kind=Kind.UNDO, by_id=by.pk if by else None, note=note, undoes=operation, total=operation.total
        )
    )


def roll_back(
    *, garden: str, number: int, by: AbstractBaseUser | None, note: str = "", operation_id: uuid.UUID | None = None
) -> BulkOperation:
    """Make the garden what it was at release `number`, as a new release; 0 is before the first one."""
    existing = BulkOperation.objects.filter(pk=operation_id).first() if operation_id else None
    if existing:
        return continue_operation(existing, Kind.ROLL_BACK, by)
    known = Release.objects.of_garden(garden).filter(number=number).exists() if number else garden in set(Emotion)
    if not known:
        raise UnknownReleaseError(f"{garden} has no release {number}.", garden=garden, number=number)
    selection = {"garden": garden, "number": number}
    operation = BulkOperation(kind=Kind.ROLL_BACK, by_id=by.pk if by else None, note=note, selection=selection)
    operation.pk = operation_id or operation.pk
    return save_and_start(operation)


def cancel_schedule(*, release: Release, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """A scheduled release never goes live. Asked twice it is cancelled once."""
    pk = own_id(f"cancel release {release.pk}")
    existing = BulkOperation.objects.filter(pk=pk).first()
    if existing and existing.state != BulkOperation.State.FAILED:
        return existing
    if release.number is not None or release.cancelled_at is not None:
        raise OperationConflictError(
            "This release waits no more: it went live, or it was cancelled.", release=release.pk
        )
    selection = {"release": release.pk}
    return existing or save_and_start(
        BulkOperation(id=pk, kind=Kind.CANCEL, by_id=by.pk if by else None, note=note, selection=selection)
    )
