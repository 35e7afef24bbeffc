"""Acts: saved first, carried out at once or by a worker, and if anything stops them carried out again."""

import logging
import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from curation.bell import ring_for_act
from curation.errors import ActConflictError, ScheduleError, TooManyPicturesError
from curation.filters import ImageFilter
from curation.models import Act, ActItem
from curation.models.act import Kind
from curation.services.batches import batches
from curation.services.deeds import Deed, Remove, Restore, Withdraw
from curation.services.history import Cancel, RollBack, Undo
from curation.services.labels import Label
from curation.services.publishing import Publish, Replace
from curation.services.purging import Purge
from garden.access.trail import record
from garden.errors import GardenError
from garden.models import Image
from garden.models.audit import AuditKind

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Acts of so many pictures are done before the answer; larger ones are a worker's."""
MOST = 100_000
SURPRISE = "Something broke here; it was logged. The same act may be started again."
DEEDS: dict[str, Deed] = {
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


def begin_act(
    *,
    kind: str,
    by: AbstractBaseUser | None,
    images: Collection[int] = (),
    selection: ImageFilter | None = None,
    note: str = "",
    act_id: uuid.UUID | None = None,
    schedule: datetime | None = None,
    labels: Mapping[str, str] | None = None,
) -> Act:
    """Do `kind` to images by id, or to all that a filter finds now. The same `act_id` again is the same act.

    `labels` are the new `emotion`, `favorite` or both of a `label` act.

    What it does not fit is left alone. Raises a branch of RefusedError before anything is saved; what fails later is
    told by the act.
    """
    existing = Act.objects.filter(pk=act_id).first() if act_id else None
    if existing:
        return continue_act(existing, kind, by)
    if schedule is not None and (kind not in SCHEDULABLE or schedule <= timezone.now()):
        raise ScheduleError(f"Only {' and '.join(SCHEDULABLE)} can wait, and only for a time to come.")
    chosen = DEEDS[kind].choose(_fitting(DEEDS[kind], images, selection))
    asked: dict[str, Any] = {"filter": selection.as_query()} if selection else {"images": len(images)}
    if labels:
        asked["labels"] = dict(labels)
    act = Act(
        kind=kind, by_id=by.pk if by else None, note=note, selection=asked, goes_live_at=schedule, total=len(chosen)
    )
    act.pk = act_id or act.pk
    return save_and_start(act, [ActItem(image=image, key=DEEDS[kind].key_of(image)) for image in chosen])


def save_and_start(act: Act, items: Collection[ActItem] = ()) -> Act:
    try:
        with transaction.atomic():
            act.save(force_insert=True)
            for item in items:
                item.act = act
            ActItem.objects.bulk_create(items)
            record(AuditKind.ACT, f"{act.kind} {act.total}", who=_name_of(act.by), act=str(act.pk))
    except IntegrityError:
        existing = Act.objects.filter(pk=act.pk).first()
        if existing is None:
            raise
        return continue_act(existing, act.kind, act.by)
    return _start(act)


def _name_of(person: AbstractBaseUser | None) -> str:
    return person.get_username() if person else ""


def own_id(name: str) -> uuid.UUID:
    """The id of an act that the garden names itself: the same name is the same act, and no client can take its id."""
    return uuid.UUID(bytes=salted_hmac("curation.act", name).digest()[:16])


def continue_act(act: Act, kind: str, by: Any) -> Act:
    """Asked for once more: a finished one is answered, any other is taken up where it was left."""
    if (act.kind, act.by_id) != (kind, by and by.pk):
        raise ActConflictError("This id belongs to another act.", id=str(act.pk))
    return act if act.state == Act.State.DONE else _start(act)


def run_act(*, act_id: uuid.UUID) -> Act:
    """Carry an act out, or what is left of it. Two at once do no harm: one of them changes the rows."""
    unfinished = Act.objects.filter(pk=act_id).exclude(state=Act.State.DONE)
    unfinished.update(state=Act.State.RUNNING, error="", moved_at=timezone.now())
    act = Act.objects.get(pk=act_id)
    if act.state == Act.State.DONE:
        return act
    try:
        _carry_out(act)
    except GardenError as error:
        _fail(act, error.detail)
    except Exception:  # The boundary of the work: whatever it was, the act tells that it failed.
        logger.exception("Act %s failed.", act.pk)
        _fail(act, SURPRISE)
    act.refresh_from_db()
    return act


def _start(act: Act) -> Act:
    if act.total <= AT_ONCE:
        return run_act(act_id=act.pk)
    transaction.on_commit(lambda: ring_for_act(act.pk))
    return act


def _carry_out(act: Act) -> None:
    deed = DEEDS[act.kind]
    if act.applied_at is None:
        deed.prepare(act)
    with transaction.atomic():
        act = Act.objects.select_for_update().get(pk=act.pk)
        if act.applied_at is None:
            deed.apply(act)
            act.applied_at = act.applied_at or timezone.now()
            act.state = Act.State.RUNNING if deed.cleans_up else Act.State.DONE
            act.done = 0 if deed.cleans_up else act.total
            act.save()
    deed.clean_up(act)
    Act.objects.filter(pk=act.pk).update(state=Act.State.DONE, done=act.total, moved_at=timezone.now())


def _fail(act: Act, error: str) -> None:
    """Unless another worker finished it meanwhile."""
    unfinished = Act.objects.filter(pk=act.pk).exclude(state=Act.State.DONE)
    unfinished.update(state=Act.State.FAILED, error=error, moved_at=timezone.now())


def _fitting(deed: Deed, images: Collection[int], selection: ImageFilter | None) -> list[Image]:
    fitting = Image.objects.filter(state__in=deed.fits).only(*_NEEDED)
    if selection is not None:
        chosen = list(selection.apply(fitting).order_by("-id")[: MOST + 1])
    else:
        ids = list(dict.fromkeys(images))[: MOST + 1]
        chosen = [image for some in batches(ids) for image in fitting.filter(pk__in=some).order_by("-id")]
    if len(chosen) > MOST:
        raise TooManyPicturesError(f"At most {MOST:,} pictures at once.", most=MOST)
    return chosen
