"""A curator's word on a group, and taking it back."""

import uuid
from collections.abc import Callable, Iterable
from itertools import combinations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from curation.errors import ActConflictError
from curation.likeness.best import Rival, rivals_of
from curation.likeness.grouping import join_neighbours
from curation.likeness.regrouping import hold_groups, regroup
from curation.models import Act, AlikeGroup, Apart, Decision, Likeness, Settlement
from curation.services import NewDecision, begin_act, decide, undo_act
from garden.errors import RefusedError
from garden.models import Image

MOST_PAIRS_OF = 100
How = Settlement.How


class GroupGoneError(RefusedError):
    """The group has no two pictures in question any more."""

    code = "group_gone"
    status = 409


class LargeGroupError(RefusedError):
    """Too many pairs: say it of single pictures."""

    code = "group_too_large"


@transaction.atomic
def settle_group(
    *, group: int, how: str, by: AbstractBaseUser, settlement_id: uuid.UUID, image: int | None = None
) -> Settlement:
    """Do what `how` says to the pictures in question; the same id again is the same word.

    `image` is the one to keep instead of the best, or the only one that is not alike.
    """
    known = Settlement.objects.filter(pk=settlement_id).first()
    if known:
        return known
    hold_groups()
    known_group = AlikeGroup.objects.filter(pk=group).exists()  # Any number may be asked for, a too large one too.
    rivals = rivals_of([group]).get(group, []) if known_group else []
    if len(rivals) < 2:
        raise GroupGoneError("These pictures are settled already.", group=group)
    best = _chosen(rivals, image)
    images = [rival.image.pk for rival in rivals]
    said = Settlement(pk=settlement_id, how=how, group_id=group, by_id=by.pk, best=best.image, images=images)
    if how == How.NOT_ALIKE:
        said.best = None if image is None else best.image
    said.save(force_insert=True)
    _DOINGS[how](said, by)
    AlikeGroup.objects.filter(pk=group).recount()
    return said


@transaction.atomic
def undo_settlement(*, settlement: Settlement, by: AbstractBaseUser) -> Settlement:
    """Everything as before, unless somebody moved on meanwhile. Asked twice it is undone once."""
    hold_groups()
    said = Settlement.objects.select_for_update(of=("self",)).select_related("act").get(pk=settlement.pk)
    if said.undone_at is not None:
        return said
    if said.how == How.KEEP_BEST and said.by_id != by.pk:
        raise ActConflictError("Votes can be taken back only by whoever gave them.", id=str(said.pk))
    said.undone_at = timezone.now()
    said.save(update_fields=["undone_at"])
    _UNDOINGS[said.how](said, by)
    if said.group_id:
        AlikeGroup.objects.filter(pk=said.group_id).update(settled_at=None)
        AlikeGroup.objects.filter(pk=said.group_id).recount()
    return said


def _chosen(rivals: list[Rival], image: int | None) -> Rival:
    chosen = [rival for rival in rivals if image in (None, rival.image.pk)]
    if not chosen:
        raise GroupGoneError("This picture is not in the group any more.", image=image)
    return chosen[0]


def _others(said: Settlement) -> list[int]:
    return [image for image in said.images if image != said.best_id]


def _dislike_others(said: Settlement, by: AbstractBaseUser) -> None:
    """A rating says how good a picture is; being one too many does not change it."""
    ratings = dict(by.votes.filter(image__in=_others(said)).values_list("image", "rating"))  # type: ignore[attr-defined]
    decide(
        by=by,
        decisions=[
            NewDecision(_event(said, image), image, Image.Verdict.DISLIKE, ratings.get(image))
            for image in _others(said)
        ],
    )
    _close(said)


def _take_dislikes_back(said: Settlement, by: AbstractBaseUser) -> None:
    """Only where it is still the curator's last word."""
    written = Decision.objects.filter(event__in=[_event(said, image) for image in _others(said)])
    back = [decision for decision in written if decision.image_id and _is_last(decision)]
    decide(
        by=by,
        decisions=[
            NewDecision(
                uuid.uuid5(said.pk, f"undo {decision.image_id}"),
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


def _remove_others(said: Settlement, by: AbstractBaseUser) -> None:
    said.act = begin_act(kind="remove", by=by, images=_others(said), note=said.get_how_display(), act_id=said.pk)
    if said.act.state == Act.State.FAILED:
        raise ActConflictError(said.act.error, id=str(said.pk))
    said.save(update_fields=["act"])
    _close(said)


def _bring_others_back(said: Settlement, by: AbstractBaseUser) -> None:
    if said.act:
        undo_act(act=said.act, by=by)


def _keep_all(said: Settlement, by: AbstractBaseUser) -> None:
    _close(said)


def _open_again(said: Settlement, by: AbstractBaseUser) -> None:
    """The group is opened by whoever called."""


def _call_apart(said: Settlement, by: AbstractBaseUser) -> None:
    pairs = _pairs(said)
    Apart.objects.bulk_create(
        [Apart(first_id=one, second_id=other, said_by=said) for one, other in pairs], ignore_conflicts=True
    )
    regroup([said.group_id or 0])


def _call_alike(said: Settlement, by: AbstractBaseUser) -> None:
    said.pairs.all().delete()
    for likeness in Likeness.objects.filter(pk__in=said.images):
        join_neighbours(likeness)


def _pairs(said: Settlement) -> Iterable[tuple[int, int]]:
    """All of the group's, or those of one picture."""
    if said.best_id:
        return [(min(said.best_id, other), max(said.best_id, other)) for other in _others(said)]
    if len(said.images) > MOST_PAIRS_OF:
        raise LargeGroupError(f"More than {MOST_PAIRS_OF} pictures: choose those that are not alike one by one.")
    return combinations(sorted(said.images), 2)


def _close(said: Settlement) -> None:
    AlikeGroup.objects.filter(settlements=said).update(settled_at=timezone.now())


def _event(said: Settlement, image: int) -> uuid.UUID:
    return uuid.uuid5(said.pk, f"dislike {image}")


_Doing = Callable[[Settlement, AbstractBaseUser], None]
_DOINGS: dict[str, _Doing] = {
    How.KEEP_BEST: _dislike_others,
    How.REMOVE_OTHERS: _remove_others,
    How.KEEP_ALL: _keep_all,
    How.NOT_ALIKE: _call_apart,
}
_UNDOINGS: dict[str, _Doing] = {
    How.KEEP_BEST: _take_dislikes_back,
    How.REMOVE_OTHERS: _bring_others_back,
    How.KEEP_ALL: _open_again,
    How.NOT_ALIKE: _call_alike,
}
