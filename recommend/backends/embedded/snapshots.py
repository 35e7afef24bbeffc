"""Snapshots in the database: arrays of numbers, nothing that could be executed."""

import io
import logging
from datetime import timedelta

import numpy as np
from django.db.models import Max
from django.utils import timezone

from recommend.learning.slate_model import SlateModel
from recommend.learning.snapshot import from_arrays, to_arrays
from recommend.models import Forgetting, Snapshot

logger = logging.getLogger(__name__)


def newest(version: str, epoch: int, head: int, beyond: int = -1) -> tuple[SlateModel, int] | None:
    """The model of the newest snapshot (beyond < number ≤ head) that can be read, and the number it learned up to."""
    known = Snapshot.objects.of(version, epoch).filter(position__lte=head, position__gt=beyond)
    for snapshot in known.order_by("-position").iterator(chunk_size=1):
        try:
            return unpack_model(bytes(snapshot.state)), snapshot.position
        except (ValueError, KeyError, OSError, EOFError):
            logger.exception("Snapshot %s cannot be read; an older one or the whole ledger will do.", snapshot)
    return None


def is_due(version: str, epoch: int, position: int, events: int, seconds: float) -> bool:
    last = Snapshot.objects.of(version, epoch).defer("state").newest()
    if last is None or last.position == position:
        return last is None and position > 0
    old = last.created_at < timezone.now() - timedelta(seconds=seconds)
    return old or position - last.position >= events or Forgetting.objects.filter(sequence__gt=last.position).exists()


def write(model: SlateModel, version: str, epoch: int, position: int) -> None:
    """Two processes at one position write the same; one of them is kept. None is kept from before a forgetting."""
    state = pack_model(model)
    row = Snapshot(version=version, epoch=epoch, position=position, state=state)
    Snapshot.objects.bulk_create([row], ignore_conflicts=True)
    Snapshot.objects.prune(version, epoch)
    forgotten = Forgetting.objects.filter(sequence__lte=position).aggregate(last=Max("sequence"))["last"] or 0
    Snapshot.objects.filter(position__lt=forgotten).delete()


def pack_model(model: SlateModel) -> bytes:
    """The same state is the same bytes."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **to_arrays(model))
    return file.getvalue()


def unpack_model(state: bytes) -> SlateModel:
    """Raises ValueError, KeyError, OSError or EOFError for what `pack_model` did not write."""
    with np.load(io.BytesIO(state), allow_pickle=False) as arrays:
        return from_arrays(dict(arrays))
