"""Snapshots of the model in the database: arrays of numbers, no executable content.

A model learned again from the whole ledger equals the one learned step by step, bit for bit.
"""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

import numpy as np
from django.db import transaction
from django.utils import timezone

from recommend.backends.embedded.events import LedgerEvent, read_events
from recommend.bandit.priors import Priors
from recommend.bandit.slate_model import SlateModel
from recommend.bandit.snapshot import VERSION, from_arrays, to_arrays
from recommend.features import layout
from recommend.models import Interaction, Ledger, Snapshot

PRIORS = Priors()
"""The weights of a busy day's visitors fit into memory (18 KB each); others are recalled from the ledger."""


def make_model() -> SlateModel:
    """A model that has learned nothing."""
    return SlateModel(layout().width, PRIORS)


def state_version() -> str:
    """Snapshots of another model, other priors or other descriptions are not read."""
    return f"{VERSION}-{layout().version}-{crc32(repr(PRIORS).encode()):08x}"


logger = logging.getLogger(__name__)


def newest(version: str, epoch: int, head: int, beyond: int = -1) -> tuple[SlateModel, int] | None:
    """The model of the newest snapshot (beyond < number ≤ head) that can be read, and the number it learned up to."""
    known = Snapshot.objects.of(version, epoch).filter(position__lte=head, position__gt=beyond)
    for snapshot in known.order_by("-position").iterator(chunk_size=1):
        try:
            return unpack_model(bytes(snapshot.state)), snapshot.position
        except (ValueError, KeyError, OSError, EOFError):
            logger.exception("Snapshot %s cannot be read; an older one or the whole ledger is used.", snapshot)
    return None


def is_due(version: str, epoch: int, position: int, events: int, seconds: float) -> bool:
    last = Snapshot.objects.of(version, epoch).defer("state").newest()
    if last is None or last.position == position:
        return last is None and position > 0
    old = last.created_at < timezone.now() - timedelta(seconds=seconds)
    forgotten = Interaction.objects.forgotten().filter(sequence__gt=last.position)
    return old or position - last.position >= events or forgotten.exists()


def write(model: SlateModel, version: str, epoch: int, position: int) -> None:
    """Two processes at one position write the same; one of them is stored. Those from before a deleted visitor go."""
    state = pack_model(model)
    row = Snapshot(version=version, epoch=epoch, position=position, state=state)
    Snapshot.objects.bulk_create([row], ignore_conflicts=True)
    Snapshot.objects.prune(version, epoch)
    forgotten = Interaction.objects.forgotten().filter(sequence__lte=position).latest_first().first()
    if forgotten is not None:
        Snapshot.objects.of_models().filter(position__lt=forgotten.sequence).delete()


def pack_model(model: SlateModel) -> bytes:
    """The same state is the same bytes."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **to_arrays(model))
    return file.getvalue()


def unpack_model(state: bytes) -> SlateModel:
    """Raises ValueError, KeyError, OSError or EOFError for what `pack_model` did not write."""
    with np.load(io.BytesIO(state), allow_pickle=False) as arrays:
        return from_arrays(dict(arrays))


Progress = Callable[[Iterator[LedgerEvent]], Iterator[LedgerEvent]]


@dataclass(frozen=True, slots=True)
class RebuiltState:
    """The number learned up to, and whether the newest snapshot leads to the same state."""

    position: int
    same: bool


def rebuild_state(*, renew: bool = False, dry_run: bool = False, progress: Progress = iter) -> RebuiltState:
    """Learn the whole ledger and make every process continue from there; `dry_run` only compares.

    `renew` uses today's descriptions of all pictures, also of those without one when they were shown: after an
    import, or with a new version of descriptions. That gives another state, so it is not compared.
    """
    ledger = Ledger.objects.current()
    model = make_model()
    for event in progress(read_events(after=0, to=ledger.head, base=ledger.head if renew else ledger.base)):
        event.teach(model)
    same = renew or pack_model(model) == pack_model(_as_processes_learned(ledger))
    if not dry_run:
        _replace(model, ledger, base=ledger.head if renew else ledger.base)
    return RebuiltState(ledger.head, same)


def _as_processes_learned(ledger: Ledger) -> SlateModel:
    """From the newest snapshot, as in a process that starts now."""
    model, position = newest(state_version(), ledger.epoch, ledger.head) or (make_model(), 0)
    for event in read_events(after=position, to=ledger.head, base=ledger.base):
        event.teach(model)
    return model


@transaction.atomic
def _replace(model: SlateModel, ledger: Ledger, base: int) -> None:
    """Begin a new epoch with this state as its snapshot, from which every process continues."""
    begun = Ledger.objects.begin_epoch(base=base)
    write(model, state_version(), begun.epoch, ledger.head)
