"""The state learned anew from the whole ledger; it must be what was learned one by one, to the last bit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from recommend.backends.embedded import snapshots
from recommend.backends.embedded.entries import Entry, entries
from recommend.backends.embedded.state import make_model, state_version
from recommend.learning.slate_model import SlateModel
from recommend.models import Ledger

Progress = Callable[[Iterator[Entry]], Iterator[Entry]]


@dataclass(frozen=True, slots=True)
class RebuiltState:
    """Up to which number it was learned, and whether the newest snapshot led to the same state."""

    position: int
    same: bool


def rebuild_state(*, renew: bool = False, dry_run: bool = False, progress: Progress = iter) -> RebuiltState:
    """Learn the whole ledger and make every process go on from there; `dry_run` only compares.

    `renew` sees every picture as it is described today, also where it was not described when it was shown: after
    an import, or with a new version of descriptions. That is another state, so the comparison is without it.
    """
    ledger = Ledger.objects.current()
    model = make_model()
    for entry in progress(entries(after=0, to=ledger.head, base=ledger.head if renew else ledger.base)):
        entry.teach(model)
    same = renew or snapshots.pack_model(model) == snapshots.pack_model(_as_processes_learned(ledger))
    if not dry_run:
        _replace(model, ledger, base=ledger.head if renew else ledger.base)
    return RebuiltState(ledger.head, same)


def _as_processes_learned(ledger: Ledger) -> SlateModel:
    """From the newest snapshot on, as a process that starts now."""
    model, position = snapshots.newest(state_version(), ledger.epoch, ledger.head) or (make_model(), 0)
    for entry in entries(after=position, to=ledger.head, base=ledger.base):
        entry.teach(model)
    return model


@transaction.atomic
def _replace(model: SlateModel, ledger: Ledger, base: int) -> None:
    """A new epoch with this state as its snapshot: every process notices, and starts again from it."""
    begun = Ledger.objects.begin_epoch(base=base)
    snapshots.write(model, state_version(), begun.epoch, ledger.head)
