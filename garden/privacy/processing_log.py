"""The log of processing: written for each photo, chained by the clock, verified, and removed when it is old.

Entries are appended without a lock; only the clock holds the end of the chain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from garden.models import Consent, Kiosk, ProcessingEntry, ProcessingHead
from garden.models.privacy import BEGINNING, HEAD
from garden.privacy.consent import Policy

_BATCH = 2_000
Step = ProcessingEntry.Step


class Receipt(NamedTuple):
    """That a photo came. What is written of it later goes by the same number."""

    photo: UUID
    kiosk: str
    pack: str
    notice: str
    consent: UUID | None

    def entry(self, step: str, at: datetime, outcome: str = "") -> ProcessingEntry:
        return ProcessingEntry(at=at, step=step, outcome=outcome, **self._asdict())


def note_received(*, kiosk: Kiosk | None, policy: Policy, consent: Consent | None) -> Receipt:
    """Written before the photo is analyzed, so that a killed process leaves at least this entry."""
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
    """Called where an analyzer that hangs still holds the photo: it is not yet deleted."""
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
    """Remove the oldest entries, a batch a transaction; the chain then begins at the hash of the last removed entry."""
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


ENDED = timedelta(minutes=10)
"""A photo received so long ago and not dropped: its analyzer hung, or its process died and its memory with it."""
CHAINED_WITHIN = timedelta(hours=1)
"""The clock chains every minute; longer than this, it does not run, or an entry was written with an earlier time."""
_ORDER = {Step.RECEIVED: "", Step.ANALYSED: Step.RECEIVED, Step.DROPPED: Step.ANALYSED, Step.ON_DEVICE: ""}
_LAST = (Step.DROPPED, Step.ON_DEVICE)


@dataclass(slots=True)
class ChainVerdict:
    entries: int = 0
    photos: int = 0
    dropped: int = 0
    on_device: int = 0
    never_dropped: int = 0
    unchained: int = 0
    """Entries that are not chained yet: only their presence is known."""
    under_way: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)


def verify_record(anchors: dict[int, str] | None = None) -> ChainVerdict:
    """`anchors`: hashes by number that were noted elsewhere and must still stand."""
    head, unchained = _read_end()
    verdict = ChainVerdict(head=f"{head.sequence}:{head.hash}")
    now = timezone.now()
    open_photos: dict[UUID, ProcessingEntry] = {}
    at, last = head.removed_to, head.removed_hash
    for entry in _entries(head.sequence):
        verdict.entries += 1
        verdict.problems += _problems_of(entry, at, last, anchors or {})
        _follow(entry, open_photos, verdict, may_begin_anywhere=head.removed_to > 0)
        at, last = entry.place or 0, entry.hash
    if (at, last) != (head.sequence, head.hash):
        verdict.problems.append(f"the record ends with {at}, but {head.sequence} entries were written")
    for entry in unchained:
        verdict.entries += 1
        verdict.unchained += 1
        verdict.problems += _problems_of_unchained(entry, now)
        _follow(entry, open_photos, verdict, may_begin_anywhere=head.removed_to > 0)
    verdict.never_dropped = sum(entry.at < now - ENDED for entry in open_photos.values())
    verdict.under_way = len(open_photos) - verdict.never_dropped
    verdict.problems += _missing_anchors(anchors or {}, head)
    return verdict


@transaction.atomic
def _read_end() -> tuple[ProcessingHead, list[ProcessingEntry]]:
    """The end of the chain and what is not chained yet. Locked: else an entry chained in between is in neither."""
    head = ProcessingHead.objects.select_for_update().filter(pk=HEAD).first() or ProcessingHead()
    return head, list(ProcessingEntry.objects.filter(place=None).order_by("sequence"))


def _entries(newest: int) -> Iterator[ProcessingEntry]:
    """Up to what was the end when the reading began: the garden goes on writing."""
    return ProcessingEntry.objects.filter(place__lte=newest).order_by("place").iterator(chunk_size=2_000)


def _problems_of(entry: ProcessingEntry, at: int, last: str, anchors: dict[int, str]) -> Iterator[str]:
    place = entry.place or 0
    if place != at + 1:
        yield f"{at + 1}: entries are missing before {place}"
    elif entry.previous != last:
        yield f"{place}: does not follow the entry before it"
    if not entry.is_genuine():
        yield f"{place}: was changed after it was chained, or was chained with another key"
    if anchors.get(place, entry.hash) != entry.hash:
        yield f"{place}: is not the entry that was noted elsewhere"


def _problems_of_unchained(entry: ProcessingEntry, now: datetime) -> Iterator[str]:
    if entry.hash or entry.previous:
        yield f"entry {entry.sequence}: was taken out of the chain"
    elif entry.at < now - CHAINED_WITHIN:
        yield f"entry {entry.sequence}: is not chained since {entry.at:%Y-%m-%d %H:%M}; is the clock running?"


def _follow(
    entry: ProcessingEntry, open_photos: dict[UUID, ProcessingEntry], verdict: ChainVerdict, *, may_begin_anywhere: bool
) -> None:
    before = open_photos.pop(entry.photo, None)
    step_before = before.step if before else ""
    if step_before != _ORDER.get(Step(entry.step)) and not (may_begin_anywhere and before is None):
        verdict.problems.append(f"{_name(entry)}: a photo cannot be {entry.step} after “{step_before or 'nothing'}”")
    verdict.photos += entry.step == Step.RECEIVED
    verdict.dropped += entry.step == Step.DROPPED
    verdict.on_device += entry.step == Step.ON_DEVICE
    if entry.step not in _LAST:
        open_photos[entry.photo] = entry


def _name(entry: ProcessingEntry) -> str:
    return str(entry.place) if entry.place else f"entry {entry.sequence}"


def _missing_anchors(anchors: dict[int, str], head: ProcessingHead) -> Iterator[str]:
    for sequence, noted in anchors.items():
        if sequence > head.sequence:
            yield f"{sequence}: was noted elsewhere, but the record ends with {head.sequence}"
        elif sequence == head.removed_to and noted != head.removed_hash != BEGINNING:
            yield f"{sequence}: is not the entry that was noted elsewhere"
