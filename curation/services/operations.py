"""Bulk operations on pictures: identified by the client, saved first, run here or by a worker, resumable."""

import logging
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from curation.errors import (
    NotAllowedError,
    OperationConflictError,
    ScheduleError,
    TooManyImagesError,
    UnknownReleaseError,
)
from curation.library.filters import ImageFilter
from curation.models import BulkOperation, BulkOperationItem, Release
from curation.models.operation import UNDOABLE, OperationKind
from curation.services.handlers import OperationHandler, Purge, Remove, RestoreHandler, Withdraw
from curation.services.history import Cancel, Label, RollBack, Undo
from curation.services.publishing import Publish, Replace
from garden.access.audit_log import record
from garden.batches import batches
from garden.broker import enqueue
from garden.errors import GardenError
from garden.models import Image
from garden.models.audit import AuditKind
from garden.models.image import ImageQuerySet
from garden.vocabulary import Emotion

PERMISSIONS: dict[str, str] = {
    OperationKind.REMOVE: "curation.remove_images",
    OperationKind.PUBLISH: "curation.publish_images",
    OperationKind.RESTORE: "curation.restore_images",
    OperationKind.WITHDRAW: "curation.publish_images",
    OperationKind.LABEL: "curation.decide",
    OperationKind.REPLACE: "curation.publish_images",
    OperationKind.PURGE: "curation.purge_trash",
    OperationKind.ROLL_BACK: "curation.roll_back_release",
    OperationKind.CANCEL: "curation.publish_images",
}


def check_may(by: AbstractBaseUser | AnonymousUser | None, kind: str) -> None:
    """Commands and the clock (`by` is None) may do anything. Raises NotAllowedError."""
    if by is not None and not (isinstance(by, PermissionsMixin) and by.has_perm(PERMISSIONS[kind])):
        raise NotAllowedError("You may not do this.", needed=PERMISSIONS[kind])


logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Operations on up to so many pictures are carried out before the response; larger ones by a worker."""
MOST = 100_000
SURPRISE = "Something failed here; it was logged. The same operation may be started again."
HANDLERS: dict[str, OperationHandler] = {
    OperationKind.REMOVE: Remove(),
    OperationKind.PUBLISH: Publish(),
    OperationKind.RESTORE: RestoreHandler(),
    OperationKind.WITHDRAW: Withdraw(),
    OperationKind.LABEL: Label(),
    OperationKind.REPLACE: Replace(),
    OperationKind.PURGE: Purge(),
    OperationKind.ROLL_BACK: RollBack(),
    OperationKind.CANCEL: Cancel(),
    OperationKind.UNDO: Undo(),
}
SCHEDULABLE = (OperationKind.PUBLISH, OperationKind.WITHDRAW)
_NEEDED = ("id", "key", "emotion", "favorite", "state", "content_hash", "published_as__key")


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
    """Do `kind` to images by id, or to all that a filter finds now. The same `operation_id` again is the same.

    `labels` are the new `emotion`, `favorite` or both of a `label` operation; where it changes pictures that visitors
    see, it needs the permission to publish as well.

    Pictures that it does not apply to stay as they are. Raises a branch of RefusedError before anything is saved; later
    errors are in the operation.
    """
    if operation_id and (existing := BulkOperation.objects.filter(pk=operation_id).first()):
        return _continue(existing, kind, by)
    if schedule is not None and (kind not in SCHEDULABLE or schedule <= timezone.now()):
        raise ScheduleError(f"Only {' and '.join(SCHEDULABLE)} can wait, and only for a time to come.")
    handler = HANDLERS[kind]
    chosen = handler.choose(_fitting(handler, images, selection))
    if kind == OperationKind.LABEL and any(image.state == Image.State.SERVING for image in chosen):
        check_may(by, OperationKind.PUBLISH)
    chosen_by: dict[str, Any] = {"filter": selection.as_query()} if selection else {"images": len(images)}
    if labels:
        chosen_by["labels"] = dict(labels)
    return _save_and_start(
        operation_id or uuid.uuid4(),
        kind,
        by,
        note,
        items=[BulkOperationItem(image=image, key=handler.key_of(image)) for image in chosen],
        selection=chosen_by,
        goes_live_at=schedule,
        total=len(chosen),
    )


def _save_and_start(
    operation_id: uuid.UUID,
    kind: str,
    by: AbstractBaseUser | None,
    note: str,
    *,
    items: Collection[BulkOperationItem] = (),
    **fields: Any,
) -> BulkOperation:
    """With the other `fields` of the operation's row. One of this id that came first goes on instead."""
    operation = BulkOperation(id=operation_id, kind=kind, by_id=by.pk if by else None, note=note, **fields)
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
            for item in items:
                item.operation = operation
            BulkOperationItem.objects.bulk_create(items)
            who = operation.by.get_username() if operation.by else ""
            record(AuditKind.ACT, f"{operation.kind} {operation.total}", who=who, act=str(operation.pk))
    except IntegrityError:
        existing = BulkOperation.objects.filter(pk=operation.pk).first()
        if existing is None:
            raise
        return _continue(existing, kind, by)
    return _start(operation)


def _own_id(name: str) -> uuid.UUID:
    """The id of an operation that the garden names itself: the same name is the same one, and no client can take it."""
    return uuid.UUID(bytes=salted_hmac("curation.act", name).digest()[:16])


def _continue(operation: BulkOperation, kind: str, by: Any) -> BulkOperation:
    """Asked for once more: a finished one is answered, any other is taken up where it was left."""
    if (operation.kind, operation.by_id) != (kind, by and by.pk):
        raise OperationConflictError("This id belongs to another operation.", id=str(operation.pk))
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
    except Exception:  # The boundary of the work: whatever it was, the operation is marked as failed.
        logger.exception("Operation %s failed.", operation.pk)
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
    known = Image.objects.select_related("published_as").only(*_NEEDED).order_by("-id")
    if selection is not None:
        chosen = list(selection.apply(known.filter(state__in=handler.fits))[: MOST + 1])
    else:
        ids = list(dict.fromkeys(images))[: MOST + 1]
        named = (image for some in batches(ids) for image in known.filter(pk__in=some))
        chosen = [image for image in named if image.state in handler.fits]  # SQLite would search by state, not by id.
    if len(chosen) > MOST:
        raise TooManyImagesError(f"At most {MOST:,} pictures at once.", most=MOST)
    return chosen


publish_images = partial(begin_operation, kind=OperationKind.PUBLISH)
"""`imgPool/x` becomes `emotions/x`, shelved pictures come back; at once, or when `schedule` has come."""
withdraw_images = partial(begin_operation, kind=OperationKind.WITHDRAW)
"""Out of the garden; the file stays."""
remove_images = partial(begin_operation, kind=OperationKind.REMOVE)
"""To the trash, wherever they are."""
restore_images = partial(begin_operation, kind=OperationKind.RESTORE)
"""From the trash to where they were."""


def replace_image(*, old: Image, new: Image, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """A picture of the pool goes into the garden in the place of one that is served, in one release.

    Asked twice it is done once. Raises EmotionMissingError or KeyTakenError before anything is saved.
    """
    existing = replacement(old=old, new=new)
    if existing:
        return _continue(existing, OperationKind.REPLACE, existing.by)
    handler = HANDLERS[OperationKind.REPLACE]
    handler.choose([new])
    return _save_and_start(
        _id_of_replacement(old, new),
        OperationKind.REPLACE,
        by,
        note,
        items=[BulkOperationItem(image=new, key=handler.key_of(new)), BulkOperationItem(image=old, key=old.key)],
        selection={"replaces": old.pk},
        total=2,
    )


def replacement(*, old: Image, new: Image) -> BulkOperation | None:
    """The operation that put one picture in the place of another, if there was one."""
    return BulkOperation.objects.filter(pk=_id_of_replacement(old, new)).first()


def _id_of_replacement(old: Image, new: Image) -> uuid.UUID:
    return _own_id(f"replace {old.pk} by {new.pk}")


def undo_operation(*, operation: BulkOperation, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """Pictures that were not moved since go back. Requested twice, it is undone once."""
    undoing = BulkOperation.objects.filter(undoes=operation).first()
    if operation.kind in UNDOABLE:
        check_may(by, operation.kind)
    if operation.kind == OperationKind.LABEL and operation.releases.exists():
        check_may(by, OperationKind.PUBLISH)
    if undoing:
        return _continue(undoing, OperationKind.UNDO, undoing.by)
    if not operation.is_undoable:
        raise OperationConflictError(
            "Only what is done can be undone, and not everything.", id=str(operation.pk), kind=operation.kind
        )
    undo_id = _own_id(f"undo {operation.pk}")
    return _save_and_start(undo_id, OperationKind.UNDO, by, note, undoes=operation, total=operation.total)


def roll_back(
    *, garden: str, number: int, by: AbstractBaseUser | None, note: str = "", operation_id: uuid.UUID | None = None
) -> BulkOperation:
    """Make the garden what it was at release `number`, as a new release; 0 is before the first one."""
    if operation_id and (existing := BulkOperation.objects.filter(pk=operation_id).first()):
        return _continue(existing, OperationKind.ROLL_BACK, by)
    known = Release.objects.of_garden(garden).filter(number=number).exists() if number else garden in set(Emotion)
    if not known:
        raise UnknownReleaseError(f"{garden} has no release {number}.", garden=garden, number=number)
    selection = {"garden": garden, "number": number}
    return _save_and_start(operation_id or uuid.uuid4(), OperationKind.ROLL_BACK, by, note, selection=selection)


def cancel_schedule(*, release: Release, by: AbstractBaseUser | None, note: str = "") -> BulkOperation:
    """A scheduled release never goes live. Asked twice it is cancelled once."""
    pk = _own_id(f"cancel release {release.pk}")
    existing = BulkOperation.objects.filter(pk=pk).first()
    if existing and existing.state != BulkOperation.State.FAILED:
        return existing
    if release.number is not None or release.cancelled_at is not None:
        raise OperationConflictError(
            "This release is no longer scheduled: it is live or cancelled.", release=release.pk
        )
    selection = {"release": release.pk}
    return existing or _save_and_start(pk, OperationKind.CANCEL, by, note, selection=selection)


def purge_trash(*, older_than: timedelta, note: str = "") -> BulkOperation | None:
    """Delete permanently what has been in the trash for longer; None where there is none. At most 100,000 at once."""
    old = list(purgeable(older_than).order_by("trashed_at").values_list("pk", flat=True)[:MOST])
    return begin_operation(kind=OperationKind.PURGE, by=None, images=old, note=note) if old else None


def purgeable(older_than: timedelta) -> ImageQuerySet:
    """Images whose file is missing are none: a storage that was away returns with the files."""
    removed = Image.objects.in_trash().exclude(trash_reason=Image.TrashReason.FILE_MISSING)
    return removed.filter(trashed_at__lt=timezone.now() - older_than)
