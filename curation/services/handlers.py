"""Handlers of the kinds of operations: which pictures each fits, the files it prepares, the rows it changes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from curation.models import BulkOperation, BulkOperationItem
from curation.models.operation import BulkOperationItemQuerySet
from curation.models.release import Change
from curation.services.releases import State, hold_gardens_of, move_images, read_pictures, schedule_release
from garden.batches import batches
from garden.models import Image
from garden.models.image import ImageQuerySet
from garden.storage.thumbnails import delete_derived


class OperationHandler(ABC):
    """One kind of operation; everything but `prepare` and `clean_up` happens in one transaction."""

    fits: ClassVar[tuple[str, ...]]
    """States of the pictures it can be done to; others stay as they are."""
    cleans_up: ClassVar[bool] = False

    def choose(self, images: Sequence[Image]) -> Sequence[Image]:
        """Those of the fitting images that it will be done to. Refuses before anything is saved."""
        return images

    def key_of(self, image: Image) -> str:
        """What the operation's record says it was about."""
        return image.key

    def prepare(self, operation: BulkOperation) -> None:
        """Before the transaction: slow, and safe to repeat."""

    @abstractmethod
    def apply(self, operation: BulkOperation) -> None:
        """Hold the gardens, look again what still fits, move it."""

    def clean_up(self, operation: BulkOperation) -> None:
        """After the transaction: slow, and safe to repeat."""


class MovingHandler(OperationHandler):
    """Every picture goes to another state, and nothing else happens."""

    goes_to: ClassVar[str]

    def apply(self, operation: BulkOperation) -> None:
        hold_gardens_of(operation)
        move_images(operation, self.target_states(self.fitting(operation)))

    def fitting(self, operation: BulkOperation) -> list[int]:
        images = operation.items.filter(image__isnull=False).values_list("image_id", flat=True)
        return [picture.id for picture in read_pictures(images) if picture.state in self.fits]

    def target_states(self, images: Sequence[int]) -> dict[int, str]:
        """The state that each picture shall be in."""
        return dict.fromkeys(images, self.goes_to)


class Remove(MovingHandler):
    fits = (State.POOL, State.PUBLISHED, State.SERVING, State.SHELVED)
    goes_to = State.TRASH


class Withdraw(MovingHandler):
    """Out of the garden; the file stays, and who knows its address may still look at it."""

    fits = (State.SERVING,)
    goes_to = State.SHELVED

    def apply(self, operation: BulkOperation) -> None:
        if operation.goes_live_at is None:
            super().apply(operation)
        else:
            hold_gardens_of(operation)
            schedule_release(operation, self.fitting(operation), Change.REMOVE)


class RestoreHandler(MovingHandler):
    """Back to where it was removed from."""

    fits = (State.TRASH,)

    def target_states(self, images: Sequence[int]) -> dict[int, str]:
        return states_before_trash(images)


def states_before_trash(images: Sequence[int]) -> dict[int, str]:
    """Where those of these images go that are in the trash now."""
    found: dict[int, str] = {}
    for some in batches(images):
        found |= Image.objects.filter(pk__in=some).return_states()
    return found


def report(operation: BulkOperation, done: int) -> None:
    """Outside the operation's transaction, so that polling pages and the sweeper see it at once."""
    operation.done, operation.moved_at = done, timezone.now()
    operation.save(update_fields=["done", "moved_at"])


AT_ONCE = 50


def discard_files(items: BulkOperationItemQuerySet) -> int:
    """Delete the files of the first of these items, thumbnails too; returns of how many, 0 when none is left.

    An item is held while its file goes: who wants to write under the same key waits, or finds it claimed. A key that
    has a row again keeps its file.
    """
    with transaction.atomic():
        held = list(items.select_for_update(of=["self"]).order_by("id")[:AT_ONCE])
        living = set(Image.objects.filter(key__in=[item.key for item in held]).values_list("key", flat=True))
        for item in held:
            if item.key not in living:
                default_storage.delete(item.key)
                delete_derived(item.key)
        BulkOperationItem.objects.filter(pk__in=[item.pk for item in held]).update(file_gone=True)
    return len(held)


class Purge(OperationHandler):
    fits = (State.TRASH,)
    cleans_up = True

    def apply(self, operation: BulkOperation) -> None:
        hold_gardens_of(operation)
        being_published = BulkOperationItem.objects.publishing().values("key")
        purged = Image.objects.in_trash().filter(operation_items__operation=operation).exclude(key__in=being_published)
        for some in batches(list(purged.values_list("pk", flat=True))):
            operation.items.filter(image__in=some).update(before=State.TRASH)
            # Their files were missing: a file that came back since is not the one that was looked at.
            operation.items.filter(image__in=Image.objects.filter(pk__in=some).file_missing()).update(file_gone=True)
            _trash_originals(Image.objects.filter(published_as__in=some, state=State.PUBLISHED))
            Image.objects.filter(pk__in=some).delete()

    def clean_up(self, operation: BulkOperation) -> None:
        gone = operation.items.filter(before=State.TRASH, file_gone=True).count()
        while discarded := discard_files(BulkOperationItem.objects.purging().filter(operation=operation)):
            gone += discarded
            report(operation, done=gone)


def _trash_originals(originals: ImageQuerySet) -> None:
    """An original whose copy was purged goes to the trash as well, for one more review."""
    now = timezone.now()
    moved: dict[str, Any] = {"state": State.TRASH, "trashed_from": State.POOL, "trashed_at": now, "changed_at": now}
    originals.update(**moved)
