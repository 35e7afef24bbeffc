"""Releases of gardens: moving pictures between states, schedules, differences between two releases."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from curation.models import BulkOperation, BulkOperationItem, Garden, Release, ReleaseChange
from curation.models.release import Change
from garden.batches import batches
from garden.models import Image
from garden.walls.rotation import replace_removed

State = Image.State


class ReleasedPicture(NamedTuple):
    """What must be known of an image to move it."""

    id: int
    key: str
    emotion: str
    state: str
    trashed_at: datetime | None


Changes = dict[str, dict[ReleasedPicture, Change]]
"""What is added to the garden of each emotion, and taken out of it."""


def move_images(operation: BulkOperation, target_states: Mapping[int, str], *, returns_to: int | None = None) -> None:
    """Images go to other states, by an operation. Call it while the gardens are locked.

    Record the releases that it takes, then change the rows, all stamped with one moment, the last before it.
    """
    pictures = [picture for picture in read_pictures(target_states) if picture.state != target_states[picture.id]]
    _note_states_before(operation, pictures)
    changes: Changes = defaultdict(dict)
    images_to: dict[str, list[int]] = defaultdict(list)
    for picture in pictures:
        target = target_states[picture.id]
        images_to[target].append(picture.id)
        if State.SERVING in (picture.state, target):
            changes[picture.emotion][picture] = Change.ADD if target == State.SERVING else Change.REMOVE
    releases = new_releases(changes, operation, returns_to=returns_to)
    now = timezone.now()
    for release in releases:
        number_release(release, now)
    for state, images in images_to.items():
        set_state(images, state, now)
    replace_removed()
    operation.applied_at = now


def new_releases(changes: Changes, operation: BulkOperation, *, returns_to: int | None = None) -> list[Release]:
    """One of each garden, without a number yet. Call it in a transaction that holds the gardens."""
    releases = []
    for emotion, there in sorted(changes.items()):
        added = sum(change == Change.ADD for change in there.values())
        release = Release.objects.create(
            garden_id=emotion,
            operation=operation,
            by_id=operation.by_id,
            note=operation.note,
            returns_to=returns_to,
            goes_live_at=operation.goes_live_at,
            added=added,
            removed=len(there) - added,
        )
        ReleaseChange.objects.bulk_create(
            ReleaseChange(release=release, image_id=picture.id, key=picture.key, change=change)
            for picture, change in there.items()
        )
        releases.append(release)
    return releases


def hold_gardens(emotions: Iterable[str]) -> None:
    """Lock the gardens until the transaction ends, in one order for everybody; missing ones are made."""
    names = sorted({emotion for emotion in emotions if emotion})
    held = Garden.objects.select_for_update(no_key=True).filter(pk__in=names).order_by("pk")
    if len(list(held)) < len(names):
        Garden.objects.bulk_create([Garden(emotion=emotion) for emotion in names], ignore_conflicts=True)
        list(held.all())


def hold_gardens_of(operation: BulkOperation) -> None:
    """Those of its pictures."""
    images = Image.objects.filter(operation_items__operation=operation)
    hold_gardens(images.order_by().values_list("emotion", flat=True).distinct())


def read_pictures(images: Iterable[int]) -> list[ReleasedPicture]:
    return [
        ReleasedPicture(*row)
        for some in batches(list(images))
        for row in Image.objects.filter(pk__in=some).order_by("pk").values_list(*ReleasedPicture._fields)
    ]


def _note_states_before(operation: BulkOperation, pictures: Iterable[ReleasedPicture]) -> None:
    """What an undo goes back to."""
    states: dict[str, list[int]] = defaultdict(list)
    for picture in pictures:
        states[picture.state].append(picture.id)
    for state, images in states.items():
        for some in batches(images):
            BulkOperationItem.objects.filter(operation=operation, image__in=some).update(before=state)


def number_release(release: Release, now: datetime) -> None:
    """Give it the garden's next number and make it the live one."""
    last = Release.objects.of_garden(release.garden_id).gone_live().order_by("-number").first()
    release.number, release.live_at = (last.number or 0) + 1 if last else 1, now
    release.save(update_fields=["number", "live_at"])
    Garden.objects.filter(pk=release.garden_id).update(live=release)


def set_state(images: list[int], state: str, now: datetime) -> None:
    changes: dict[str, Any] = {"state": state, "trashed_from": "", "trashed_at": None, "trash_reason": ""}
    changes["changed_at"] = now
    if state == State.TRASH:
        changes |= {"trashed_from": F("state"), "trashed_at": now}
    elif state == State.SERVING:
        changes["published_at"] = Coalesce("published_at", Value(now))
    for some in batches(images):
        Image.objects.filter(pk__in=some).update(**changes)
        if state == State.SERVING:
            originals = Image.objects.pool().filter(published_as__in=some)
            originals.update(state=State.PUBLISHED, changed_at=now)


logger = logging.getLogger(__name__)

_EFFECT = {Change.ADD.value: (State.SHELVED, State.SERVING), Change.REMOVE.value: (State.SERVING, State.SHELVED)}
"""From which state to which a change takes a picture when its time comes."""


def schedule_release(operation: BulkOperation, images: Sequence[int], change: Change) -> None:
    """What the change will have an effect on waits for the operation's time."""
    changes: Changes = defaultdict(dict)
    for picture in read_pictures(images):
        if picture.state == _EFFECT[change][0]:
            changes[picture.emotion][picture] = change
    new_releases(changes, operation)


def start_due_releases() -> int:
    """Let every release go live whose time has come; returns how many. However often it is called, each goes once."""
    due = Release.objects.due().values_list("pk", "garden")
    return sum(_go_live(release, emotion) for release, emotion in list(due))


@transaction.atomic
def _go_live(release_id: int, emotion: str) -> bool:
    hold_gardens([emotion])
    release = Release.objects.due().filter(pk=release_id).first()
    if release is None:
        return False
    now = timezone.now()
    effective = _keep_what_has_effect(release)
    number_release(release, now)
    for change, images in effective.items():
        set_state(images, _EFFECT[change][1], now)
    replace_removed()
    logger.info("Release %s of %s is live.", release.number, emotion)
    return True


def _keep_what_has_effect(release: Release) -> dict[str, list[int]]:
    """Pictures that were removed, shown or given another emotion in the meantime are no change of it any more."""
    changes = dict(release.changes.filter(image__isnull=False).values_list("image_id", "change"))
    effective: dict[str, list[int]] = defaultdict(list)
    for picture in read_pictures(changes):
        change = changes[picture.id]
        if (picture.emotion, picture.state) == (release.garden_id, _EFFECT[change][0]):
            effective[change].append(picture.id)
    idle = changes.keys() - {image for images in effective.values() for image in images}
    for some in batches(list(idle)):
        release.changes.filter(image__in=some).delete()
    release.changes.filter(image=None).delete()
    release.added, release.removed = len(effective[Change.ADD]), len(effective[Change.REMOVE])
    release.save(update_fields=["added", "removed"])
    return effective


@dataclass(frozen=True, slots=True)
class Diff:
    """Keys that the second release has and the first has not, and the other way round; purged pictures too."""

    added: list[str]
    removed: list[str]


def diff(*, garden: str, first: int, second: int) -> Diff:
    """From release number `first` to `second` of a garden; 0 is the garden before its first release."""
    if first > second:
        back = diff(garden=garden, first=second, second=first)
        return Diff(back.removed, back.added)
    between = ReleaseChange.objects.filter(
        release__garden=garden, release__number__gt=first, release__number__lte=second
    )
    net: dict[str, tuple[str, str]] = {}
    for key, change in between.order_by("release__number", "id").values_list("key", "change"):
        net[key] = (net[key][0] if key in net else change, change)
    return Diff(
        added=[key for key, change in net.items() if change == (Change.ADD, Change.ADD)],
        removed=[key for key, change in net.items() if change == (Change.REMOVE, Change.REMOVE)],
    )
