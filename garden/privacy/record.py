"""Writing the record of processing, chaining what was written, and removing what is too old of it.

Who appends takes no lock; only the clock holds the end of the chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from garden.models import Consent, Kiosk, ProcessingEntry, ProcessingHead
from garden.models.processing import HEAD
from garden.privacy.policy import Policy

_BATCH = 2_000
Step = ProcessingEntry.Step


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a photo came. What is written of it later goes by the same number."""

    photo: UUID
    kiosk: str
    pack: str
    notice: str
    consent: UUID | None

    def entry(self, step: str, at: datetime, outcome: str = "") -> ProcessingEntry:
        return ProcessingEntry(
            at=at,
            step=step,
            photo=self.photo,
            outcome=outcome,
            kiosk=self.kiosk,
            pack=self.pack,
            notice=self.notice,
            consent=self.consent,
        )


def note_received(*, kiosk: Kiosk | None, policy: Policy, consent: Consent | None) -> Receipt:
    """Written before the photo is looked at: a process that dies leaves at least this."""
    receipt = _receipt(kiosk, policy, consent)
    append([receipt.entry(Step.RECEIVED, timezone.now())])
    return receipt


def _receipt(kiosk: Kiosk | None, policy: Policy, consent: Consent | None) -> Receipt:
    return Receipt(
        photo=uuid4(),
        kiosk=kiosk.name if kiosk else "",
        pack=policy.pack.name.value,
        notice=policy.notice.version,
        consent=consent.pk if consent else None,
    )


def note_dropped(receipt: Receipt, *, analysed_at: datetime, outcome: str) -> None:
    """Called once no one holds the photo's bytes any more."""
    append([receipt.entry(Step.ANALYSED, analysed_at, outcome), receipt.entry(Step.DROPPED, timezone.now())])


def note_given_up(receipt: Receipt, *, at: datetime, outcome: str) -> None:
    """Called where an analyzer that hangs still holds the photo: it cannot be said to be gone."""
    append([receipt.entry(Step.ANALYSED, at, outcome)])


def note_on_device(*, kiosk: Kiosk | None, policy: Policy, consent: Consent | None, reader: str, outcome: str) -> None:
    """A reading came that a device made itself: nothing of the photo was here, so that there is nothing to drop."""
    entry = _receipt(kiosk, policy, consent).entry(Step.ON_DEVICE, timezone.now(), outcome)
    entry.reader = reader
    append([entry])


def append(entries: Sequence[ProcessingEntry]) -> None:
    """One INSERT without a lock; `chain_entries` chains them later."""
    ProcessingEntry.objects.bulk_create(entries)


def chain_entries() -> int:
    """Chain what was appended since, a batch a transaction; returns how many entries that were."""
    chained = 0
    while batch := _chain_batch():
        chained += batch
    return chained


@transaction.atomic
def _chain_batch() -> int:
    """By the order of writing. What commits late gets a later place."""
    head = _lock_head()
    entries = list(ProcessingEntry.objects.filter(place=None).order_by("sequence")[:_BATCH])
    for entry in entries:
        entry.chain(head.sequence + 1, head.hash)
        head.sequence, head.hash = head.sequence + 1, entry.hash
    if entries:
        ProcessingEntry.objects.bulk_update(entries, ["place", "previous", "hash"], batch_size=100)
        head.save(update_fields=["sequence", "hash"])
    return len(entries)


def removable(*, days: int) -> int:
    return ProcessingEntry.objects.filter(at__lt=timezone.now() - timedelta(days=days)).count()


def remove_old(*, days: int) -> int:
    """Remove the oldest entries, a batch a transaction; the chain then begins at what the last of them said."""
    before = timezone.now() - timedelta(days=days)
    removed = 0
    while batch := _remove_batch(before):
        removed += batch
    return removed


@transaction.atomic
def _remove_batch(before: datetime) -> int:
    """From the chain's beginning on, up to the newest that is old enough."""
    head = _lock_head()
    first = list(ProcessingEntry.objects.exclude(place=None).order_by("place")[:_BATCH])
    last = next((entry for entry in reversed(first) if entry.at < before), None)
    if last is None:
        return 0
    assert last.place is not None  # noqa: S101  # Chained entries have one.
    head.removed_to, head.removed_hash = last.place, last.hash
    head.save(update_fields=["removed_to", "removed_hash"])
    return ProcessingEntry.objects.filter(place__lte=last.place).delete()[0]


def _lock_head() -> ProcessingHead:
    """Locked until the transaction ends. Made by the first who needs it."""
    while (head := ProcessingHead.objects.select_for_update().filter(pk=HEAD).first()) is None:
        ProcessingHead.objects.bulk_create([ProcessingHead(pk=HEAD)], ignore_conflicts=True)
    return head
