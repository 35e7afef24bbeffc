"""A curator's word on a group, and taking it back."""

import uuid
from collections.abc import Callable, Iterable
from itertools import combinations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from curation.duplicates.groups import join_neighbours, lock_groups, regroup
from curation.duplicates.listing import Member, unresolved_members
from curation.errors import OperationConflictError
from curation.library.paging import SIZE, batches
from curation.models import BulkOperation, Decision, Fingerprint, Resolution
from curation.services import NewDecision, begin_operation, decide, undo_operation
from garden.errors import RefusedError
from garden.models import Image

MOST_PAIRS_OF = 100
How = Resolution.How


class GroupGoneError(RefusedError):
    """The group has no two pictures in question any more."""

    code = "group_gone"
    status = 409


class LargeGroupError(RefusedError):
    """Too many pairs: say it of single pictures."""

    code = "group_too_large"


@transaction.atomic
def resolve_group(
    *, group: int, how: str, by: AbstractBaseUser, resolution_id: uuid.UUID, image: int | None = None
) -> Resolution:
    """Do what `how` says to the pictures in question; the same id again is the same resolution.

    `image` is the one to keep instead of the best, or the only one that is not alike.
    """
    known = Resolution.objects.filter(pk=resolution_id).first()
    if known:
        return known
    lock_groups()
    # Any number may be asked for, one beyond the column's range too: `exact` finds nothing, `in` would fail.
    exists = Fingerprint.objects.filter(group=group).exists()
    members = unresolved_members([group]).get(group, []) if exists else []
    if len(members) < 2:
        raise GroupGoneError("These pictures are settled already.", group=group)
    best = _chosen(members, image)
    images = [member.image.pk for member in members]
    resolution = Resolution(pk=resolution_id, how=how, group=group, by_id=by.pk, best=best.image, images=images)
    if how == How.NOT_ALIKE:
        resolution.best = None if image is None else best.image
    resolution.save(force_insert=True)
    _APPLY[how](resolution, by)
    return resolution


@transaction.atomic
def undo_resolution(*, resolution: Resolution, by: AbstractBaseUser) -> Resolution:
    """Everything as before, unless somebody moved on meanwhile. Undone twice is undone once."""
    lock_groups()
    resolution = Resolution.objects.select_for_update(of=("self",)).select_related("operation").get(pk=resolution.pk)
    if resolution.undone_at is not None:
        return resolution
    if resolution.how == How.KEEP_BEST and resolution.by_id != by.pk:
        raise OperationConflictError("Votes can be taken back only by whoever gave them.", id=str(resolution.pk))
    resolution.undone_at = timezone.now()
    resolution.save(update_fields=["undone_at"])
    _UNDO[resolution.how](resolution, by)
    for some in batches(resolution.images):
        groups = Fingerprint.objects.filter(pk__in=some, group__isnull=False).order_by().values_list("group", flat=True)
        Fingerprint.objects.filter(group__in=set(groups)).update(resolved_at=None)
    return resolution


def _chosen(members: list[Member], image: int | None) -> Member:
    chosen = [member for member in members if image in (None, member.image.pk)]
    if not chosen:
        raise GroupGoneError("This picture is not in the group any more.", image=image)
    return chosen[0]


def _others(resolution: Resolution) -> list[int]:
    return [image for image in resolution.images if image != resolution.best_id]


def _dislike_others(resolution: Resolution, by: AbstractBaseUser) -> None:
    """A rating says how good a picture is; being one too many does not change it."""
    others = _others(resolution)
    ratings = dict(by.votes.filter(image__in=others).values_list("image", "rating"))  # type: ignore[attr-defined]
    decide(
        by=by,
        decisions=[
            NewDecision(_event(resolution, image), image, Image.Verdict.DISLIKE, ratings.get(image)) for image in others
        ],
    )
    _close(resolution)


def _take_dislikes_back(resolution: Resolution, by: AbstractBaseUser) -> None:
    """Only where it is still the curator's last word."""
    written = Decision.objects.filter(event__in=[_event(resolution, image) for image in _others(resolution)])
    back = [decision for decision in written if decision.image_id and _is_last(decision)]
    decide(
        by=by,
        decisions=[
            NewDecision(
                uuid.uuid5(resolution.pk, f"undo {decision.image_id}"),
                decision.image_id or 0,
                decision.previous_verdict,
                decision.previous_rating,
            )
            for decision in back
        ],
    )


def _is_last(decision: Decision) -> bool:
    later = Decision.objects.filter(image=decision.image_id, curator=decision.curator_id, pk__gt=decision.pk)
    return not later.exists()


def _remove_others(resolution: Resolution, by: AbstractBaseUser) -> None:
    note = resolution.get_how_display()
    operation = begin_operation(kind="remove", by=by, images=_others(resolution), note=note, operation_id=resolution.pk)
    if operation.state == BulkOperation.State.FAILED:
        raise OperationConflictError(operation.error, id=str(resolution.pk))
    resolution.operation = operation
    resolution.save(update_fields=["operation"])
    _close(resolution)


def _bring_others_back(resolution: Resolution, by: AbstractBaseUser) -> None:
    if resolution.operation:
        undo_operation(operation=resolution.operation, by=by)


def _keep_all(resolution: Resolution, by: AbstractBaseUser) -> None:
    _close(resolution)


def _open_again(resolution: Resolution, by: AbstractBaseUser) -> None:
    """`undo_resolution` opens the group."""


def _separate(resolution: Resolution, by: AbstractBaseUser) -> None:
    members = Fingerprint.objects.in_bulk(resolution.images)
    for one, other in _pairs(resolution):
        members[one].not_alike.setdefault(str(other), str(resolution.pk))
        members[other].not_alike.setdefault(str(one), str(resolution.pk))
    Fingerprint.objects.bulk_update(members.values(), ["not_alike"], batch_size=SIZE)
    regroup([resolution.group])


def _join_again(resolution: Resolution, by: AbstractBaseUser) -> None:
    members = Fingerprint.objects.in_bulk(resolution.images)
    for member in members.values():
        member.not_alike = {other: said for other, said in member.not_alike.items() if said != str(resolution.pk)}
    Fingerprint.objects.bulk_update(members.values(), ["not_alike"], batch_size=SIZE)
    for image in members:
        join_neighbours(Fingerprint.objects.get(pk=image))


def _pairs(resolution: Resolution) -> Iterable[tuple[int, int]]:
    """All of the group's, or those of one picture."""
    best = resolution.best_id
    if best:
        return [(best, other) for other in _others(resolution)]
    if len(resolution.images) > MOST_PAIRS_OF:
        raise LargeGroupError(f"More than {MOST_PAIRS_OF} pictures: choose those that are not alike one by one.")
    return combinations(resolution.images, 2)


def _close(resolution: Resolution) -> None:
    Fingerprint.objects.filter(group=resolution.group).update(resolved_at=resolution.at)


def _event(resolution: Resolution, image: int) -> uuid.UUID:
    return uuid.uuid5(resolution.pk, f"dislike {image}")


_Action = Callable[[Resolution, AbstractBaseUser], None]
_APPLY: dict[str, _Action] = {
    How.KEEP_BEST: _dislike_others,
    How.REMOVE_OTHERS: _remove_others,
    How.KEEP_ALL: _keep_all,
    How.NOT_ALIKE: _separate,
}
_UNDO: dict[str, _Action] = {
    How.KEEP_BEST: _take_dislikes_back,
    How.REMOVE_OTHERS: _bring_others_back,
    How.KEEP_ALL: _open_again,
    How.NOT_ALIKE: _join_again,
}
