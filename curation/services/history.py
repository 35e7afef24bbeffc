"""Undo, roll back, cancel; labels and their undo."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from curation.errors import ScheduleError, UnknownReleaseError
from curation.models import BulkOperation, BulkOperationItem, Release, ReleaseChange
from curation.models.release import Change
from curation.services.handlers import OperationHandler, states_before_trash
from curation.services.releases import (
    Changes,
    ReleasedPicture,
    State,
    hold_gardens,
    hold_gardens_of,
    move_images,
    new_releases,
    number_release,
    read_pictures,
)
from garden.batches import batches
from garden.models import Image
from garden.models.image import RETURNABLE, ImageQuerySet

LABELS = ("emotion", "favorite")


class Label(OperationHandler):
    """Set `selection["labels"]`, an emotion, a favorite or both.

    Keys stay: a published picture keeps its address. One that visitors see leaves one garden for another in a release
    of each. Its original gets the same labels.
    """

    fits = (State.POOL, State.SERVING, State.SHELVED)

    def apply(self, operation: BulkOperation) -> None:
        labels = operation.selection["labels"]
        images = Image.objects.filter(operation_items__operation=operation)
        _lock(images, {labels.get("emotion", "")})
        found = _changeable(images).exclude(**labels).values_list("pk", *LABELS)
        _set_labels(
            operation,
            {pk: (labels.get("emotion", emotion), labels.get("favorite", favorite)) for pk, emotion, favorite in found},
        )


def undo_labels(operation: BulkOperation, undone: BulkOperation) -> None:
    """Give back the former labels of the pictures that were not changed or published since."""
    images = Image.objects.filter(operation_items__operation=undone, operation_items__labels_before__isnull=False)
    before: Any = undone.items.filter(labels_before__isnull=False).values_list("labels_before", flat=True)
    _lock(images, {labels["emotion"] for labels in before})
    unchanged = _changeable(images).filter(**undone.selection["labels"]).values("pk")
    items = undone.items.filter(image__in=unchanged, labels_before__isnull=False)
    found: list[tuple[int, str, Any]] = list(items.values_list("image_id", "key", "labels_before"))
    BulkOperationItem.objects.bulk_create(
        BulkOperationItem(operation=operation, image_id=image, key=key) for image, key, _labels in found
    )
    operation.total = len(found)
    _set_labels(operation, {image: (labels["emotion"], labels["favorite"]) for image, _key, labels in found})


def _lock(images: ImageQuerySet, emotions: set[str]) -> None:
    """Against publications: they lock the same rows."""
    hold_gardens(emotions | set(images.order_by().values_list("emotion", flat=True).distinct()))


def _changeable(images: ImageQuerySet) -> ImageQuerySet:
    being_published = BulkOperationItem.objects.publishing().filter(image__isnull=False)
    return images.filter(state__in=Label.fits).exclude(pk__in=being_published.values("image"))


def _set_labels(operation: BulkOperation, labels: Mapping[int, tuple[str, str]]) -> None:
    """The emotion and favorite of each image, by its id; the gardens are locked."""
    changes: Changes = defaultdict(dict)
    for picture in read_pictures(labels):
        emotion = labels[picture.id][0]
        if picture.state == State.SERVING and picture.emotion != emotion:
            changes[picture.emotion][picture] = Change.REMOVE
            changes[emotion][picture] = Change.ADD
    releases = new_releases(changes, operation)
    operation.applied_at = timezone.now()
    for release in releases:
        number_release(release, operation.applied_at)
    _write_labels(operation, labels)


def _write_labels(operation: BulkOperation, labels: Mapping[int, tuple[str, str]]) -> None:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for some in batches(labels):
        for pk, *former in Image.objects.filter(pk__in=some).values_list("pk", *LABELS):
            groups[(*former, *labels[pk])].append(pk)
    for (emotion, favorite, *new), images in groups.items():
        for some in batches(images):
            operation.items.filter(image__in=some).update(labels_before={"emotion": emotion, "favorite": favorite})
            originals = Image.objects.filter(published_as__in=some, state=State.PUBLISHED)
            for changed in (Image.objects.filter(pk__in=some), originals):  # One query with OR would use no index.
                changed.update(**dict(zip(LABELS, new, strict=True)), changed_at=operation.applied_at)


Kind = BulkOperation.Kind


class RollBack(OperationHandler):
    """A new release whose pictures are those of an earlier one, as far as they still exist; from the trash too."""

    fits = tuple(State)

    def apply(self, operation: BulkOperation) -> None:
        emotion, number = operation.selection["garden"], operation.selection["number"]
        hold_gardens([emotion])
        if number and not Release.objects.of_garden(emotion).filter(number=number).exists():
            raise UnknownReleaseError(f"{emotion} has no release {number}.", garden=emotion, number=number)
        # A picture of another emotion is in another garden now.
        later = ReleaseChange.objects.filter(
            release__garden=emotion, release__number__gt=number, image__emotion=emotion
        )
        _move_back(operation, _reverse(later, serve_from=State.values), returns_to=number)


class Undo(OperationHandler):
    """Pictures that the operation moved, and that were not moved since, go back."""

    fits = tuple(State)

    def apply(self, operation: BulkOperation) -> None:
        undone = BulkOperation.objects.get(undone_by=operation)
        if undone.kind == Kind.LABEL:
            undo_labels(operation, undone)
            return
        hold_gardens_of(undone)
        undone.releases.scheduled().update(cancelled_at=timezone.now())
        released = ReleaseChange.objects.filter(
            release__operation=undone, release__number__isnull=False, image__isnull=False
        )
        shown_or_hidden = _reverse(released, serve_from=[State.SHELVED])
        _move_back(operation, _without_shown_originals(shown_or_hidden | _moved_by(undone)))


class Cancel(OperationHandler):
    """A scheduled release never goes live; its originals wait in the pool again."""

    fits = tuple(State)

    def apply(self, operation: BulkOperation) -> None:
        release = Release.objects.get(pk=operation.selection["release"])
        hold_gardens([release.garden_id])
        waiting = Release.objects.scheduled().filter(pk=release.pk)
        if not waiting.update(cancelled_at=timezone.now()):
            raise ScheduleError("This release is no longer scheduled: it is live or cancelled.", release=release.pk)
        originals = Image.objects.filter(published_as__release_changes__release=release, state=State.PUBLISHED)
        shelved = originals.filter(published_as__state=State.SHELVED)
        target_states = dict.fromkeys(shelved.values_list("pk", flat=True), State.POOL)
        _move_back(operation, target_states)


def _move_back(operation: BulkOperation, target_states: Mapping[int, str], *, returns_to: int | None = None) -> None:
    """Going back finds its pictures while it holds the gardens, not before."""
    pictures = read_pictures(target_states)
    BulkOperationItem.objects.bulk_create(
        BulkOperationItem(operation=operation, image_id=picture.id, key=picture.key) for picture in pictures
    )
    operation.total = operation.done = len(pictures)
    move_images(operation, target_states, returns_to=returns_to)


def _reverse(changes: QuerySet[ReleaseChange], serve_from: Collection[str]) -> dict[int, str]:
    """The other way round of each image's first change, which holds its earlier state: served again, or shelved."""
    first: dict[int, str] = {}
    for image, change in changes.order_by("release__number").values_list("image_id", "change"):
        first.setdefault(image, change)
    target_states: dict[int, str] = {}
    for picture in read_pictures(first):
        if first[picture.id] == Change.REMOVE and picture.state in serve_from:
            target_states[picture.id] = State.SERVING
        elif first[picture.id] == Change.ADD and picture.state == State.SERVING:
            target_states[picture.id] = State.SHELVED
    return target_states


def _moved_by(undone: BulkOperation) -> dict[int, str]:
    """Images that are still where the operation put them, and where they were before."""
    items = undone.items.filter(image__isnull=False).exclude(before="")
    before: dict[int, str] = dict(items.values_list("image_id", "before"))
    pictures = read_pictures(before)
    if undone.kind == Kind.REMOVE:
        return states_before_trash([picture.id for picture in pictures if picture.trashed_at == undone.applied_at])
    return {picture.id: before[picture.id] for picture in pictures if _is_untouched(undone, picture, before)}


def _without_shown_originals(target_states: dict[int, str]) -> dict[int, str]:
    """An original stays where it is while its copy is served: some copies were there before the operation."""
    to_pool = [image for image, state in target_states.items() if state == State.POOL]
    shown = {
        original
        for some in batches(to_pool)
        for copy, original in Image.objects.serving()
        .filter(published_from__in=some)
        .values_list("pk", "published_from")
        if copy not in target_states
    }
    return {image: state for image, state in target_states.items() if image not in shown}


def _is_untouched(undone: BulkOperation, picture: ReleasedPicture, before: Mapping[int, str]) -> bool:
    was = before[picture.id]
    left_in: dict[str, Iterable[str]] = {
        Kind.PUBLISH: [State.PUBLISHED] if was == State.POOL else [State.SERVING],
        Kind.WITHDRAW: [State.SHELVED],
        Kind.REPLACE: [State.PUBLISHED] if was == State.POOL else [State.SHELVED],
        Kind.RESTORE: RETURNABLE,
        Kind.ROLL_BACK: [State.SHELVED] if was == State.SERVING else [State.SERVING],
    }
    return picture.state in left_in[undone.kind]
