"""Resolutions of groups of near duplicates, and their undo.

A resolution is a `BulkOperation` whose `selection` names the group (`group`), its pictures in question (`images`), what
is done with them (`how`) and which one is kept or taken out (`best`, perhaps None).
"""

import uuid
from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from curation.duplicates.groups import Member, join_neighbours, lock_groups, regroup, unresolved_members
from curation.errors import OperationConflictError
from curation.models import BulkOperation, Decision, Fingerprint
from curation.models.operation import OperationKind
from curation.services.operations import begin_operation, check_may, undo_operation
from curation.services.votes import NewDecision, decide
from garden.batches import SIZE, batches
from garden.errors import RefusedError
from garden.models import Image

MOST_PAIRS_OF = 100


class How(StrEnum):
    """Keep the best and dislike or remove the others, keep all, or note that they are no near duplicates."""

    KEEP_BEST = "keep_best"
    REMOVE_OTHERS = "remove_others"
    KEEP_ALL = "keep_all"
    NOT_ALIKE = "not_alike"


class GroupGoneError(RefusedError):
    """The group has no two pictures in question any more."""

    code = "group_gone"
    status = 409


class LargeGroupError(RefusedError):
    """Too many pairs: resolve single pictures."""

    code = "group_too_large"


@transaction.atomic
def resolve_group(
    *, group: int, how: str, by: AbstractBaseUser, resolution_id: uuid.UUID, image: int | None = None
) -> BulkOperation:
    """Do what `how` says to the pictures in question; the same id again is the same resolution.

    `image` is the one to keep instead of the best, or the only one that is not alike. Raises NotAllowedError where
    others would be removed.
    """
    if how == How.REMOVE_OTHERS:
        check_may(by, OperationKind.REMOVE)
    if known := BulkOperation.objects.filter(pk=resolution_id).first():
        return _checked(known)
    lock_groups()
    # Any number may be requested, also one beyond the column's range: `exact` finds nothing, `in` would fail.
    exists = Fingerprint.objects.filter(group=group).exists()
    members = unresolved_members([group]).get(group, []) if exists else []
    if len(members) < 2:
        raise GroupGoneError("These pictures are resolved already.", group=group)
    best = _chosen(members, image)
    images = [member.image.pk for member in members]
    resolution = (
        _removal(images, best, by, resolution_id)
        if how == How.REMOVE_OTHERS
        else BulkOperation(
            id=resolution_id, kind=OperationKind.RESOLVE, by_id=by.pk, total=len(images), done=len(images), state="done"
        )
    )
    kept = image if how == How.NOT_ALIKE else best
    resolution.selection = {"how": how, "group": group, "best": kept, "images": images}
    resolution.save()
    if how == How.KEEP_BEST:
        _dislike_others(resolution, by)
    if how == How.NOT_ALIKE:
        _separate(resolution)
    else:
        Fingerprint.objects.filter(group=group).update(resolved_at=resolution.at)
    return resolution


@transaction.atomic
def undo_resolution(*, resolution: BulkOperation, by: AbstractBaseUser) -> BulkOperation:
    """Everything as before, except what was changed since. Undone twice is undone once."""
    lock_groups()
    resolution = BulkOperation.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    how = resolution.selection["how"]
    if how == How.REMOVE_OTHERS:
        undo_operation(operation=resolution, by=by)
    elif not hasattr(resolution, "undone_by"):
        if how == How.KEEP_BEST and resolution.by_id != by.pk:
            raise OperationConflictError("Votes can be taken back only by their curator.", id=str(resolution.pk))
        BulkOperation.objects.create(kind=OperationKind.UNDO, undoes=resolution, by_id=by.pk, state="done")
        if how == How.KEEP_BEST:
            _take_dislikes_back(resolution, by)
        elif how == How.NOT_ALIKE:
            _join_again(resolution)
    else:
        return resolution
    for some in batches(resolution.selection["images"]):
        groups = Fingerprint.objects.filter(pk__in=some, group__isnull=False).order_by().values_list("group", flat=True)
        Fingerprint.objects.filter(group__in=set(groups)).update(resolved_at=None)
    return resolution


def _checked(known: BulkOperation) -> BulkOperation:
    if "how" not in known.selection:
        raise OperationConflictError("This id belongs to another operation.", id=str(known.pk))
    return known


def _removal(images: list[int], best: int, by: AbstractBaseUser, operation_id: uuid.UUID) -> BulkOperation:
    others = [image for image in images if image != best]
    operation = begin_operation(kind=OperationKind.REMOVE, by=by, images=others, operation_id=operation_id)
    if operation.state == BulkOperation.State.FAILED:
        raise OperationConflictError(operation.error, id=str(operation.pk))
    return operation


def _chosen(members: list[Member], image: int | None) -> int:
    chosen = [member.image.pk for member in members if image in (None, member.image.pk)]
    if not chosen:
        raise GroupGoneError("This picture is not in the group any more.", image=image)
    return chosen[0]


def _others(resolution: BulkOperation) -> list[int]:
    return [image for image in resolution.selection["images"] if image != resolution.selection["best"]]


def _dislike_others(resolution: BulkOperation, by: AbstractBaseUser) -> None:
    """A rating says how good a picture is; being one too many does not change it."""
    others = _others(resolution)
    mine = Decision.objects.current().filter(curator=by.pk, image__in=others)
    ratings = dict(mine.values_list("image", "rating"))
    decide(
        by=by,
        decisions=[
            NewDecision(_event(resolution, image), image, Image.Verdict.DISLIKE, ratings.get(image)) for image in others
        ],
    )


def _take_dislikes_back(resolution: BulkOperation, by: AbstractBaseUser) -> None:
    """Only where it is still the curator's last word."""
    back = Decision.objects.current().filter(event__in=[_event(resolution, image) for image in _others(resolution)])
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


def _separate(resolution: BulkOperation) -> None:
    members = Fingerprint.objects.in_bulk(resolution.selection["images"])
    for one, other in _pairs(resolution):
        members[one].not_alike.setdefault(str(other), str(resolution.pk))
        members[other].not_alike.setdefault(str(one), str(resolution.pk))
    Fingerprint.objects.bulk_update(members.values(), ["not_alike"], batch_size=SIZE)
    regroup([resolution.selection["group"]])


def _join_again(resolution: BulkOperation) -> None:
    members = Fingerprint.objects.in_bulk(resolution.selection["images"])
    for member in members.values():
        member.not_alike = {other: by for other, by in member.not_alike.items() if by != str(resolution.pk)}
    Fingerprint.objects.bulk_update(members.values(), ["not_alike"], batch_size=SIZE)
    for image in members:
        join_neighbours(Fingerprint.objects.get(pk=image))


def _pairs(resolution: BulkOperation) -> Iterable[tuple[int, int]]:
    """All of the group's, or those of one picture."""
    best, images = resolution.selection["best"], resolution.selection["images"]
    if best:
        return [(best, other) for other in _others(resolution)]
    if len(images) > MOST_PAIRS_OF:
        raise LargeGroupError(f"More than {MOST_PAIRS_OF} pictures: choose those that are not alike one by one.")
    return combinations(images, 2)


def _event(resolution: BulkOperation, image: int) -> uuid.UUID:
    return uuid.uuid5(resolution.pk, f"dislike {image}")
