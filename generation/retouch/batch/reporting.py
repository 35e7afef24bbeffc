"""What became of each picture of a batch."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from garden.csv_escaping import defuse
from generation.models import BatchItem, RetouchBatch
from generation.models.batch import ITEM_STATES, WAITING, BatchItemQuerySet
from generation.models.slot import SlotState
from generation.queue.events import sentence_of

COLUMNS = ("number", "name", "image", "state", "reason", "canvas", "version", "attempts", "seconds")
OPEN = (SlotState.QUEUED, SlotState.PAUSED, SlotState.LEASED)
FETCHED = 500


def counts_of(batch: RetouchBatch) -> dict[str, int]:
    """How many pictures there are in each state, and in all."""
    found = batch.items.all().count_states()
    return {"all": sum(found.values()), **{str(state): found.get(state, 0) for state in ITEM_STATES}}


def is_open(counts: dict[str, int]) -> bool:
    """Whether something of what was asked for is still to come."""
    return any(counts[state] for state in OPEN)


def items_of(batch: RetouchBatch, state: str = "") -> BatchItemQuerySet:
    """In their order, with all that a row tells; of one state, or of any."""
    items = batch.items.in_state(state) if state else batch.items.with_state()
    return items.select_related("slot", "version", "image", "canvas").in_order()


def report_rows(batch: RetouchBatch) -> Iterator[dict[str, Any]]:
    """One for each picture, in order, with COLUMNS as its keys."""
    for item in items_of(batch).iterator(chunk_size=FETCHED):
        yield row_of(item)


def write_table(stream: TextIO, rows: Iterable[Mapping[str, Any]]) -> None:
    """As CSV; what a spreadsheet would run as a formula is text."""
    table = csv.DictWriter(stream, COLUMNS)
    table.writeheader()
    for row in rows:
        table.writerow({name: defuse(value) if isinstance(value, str) else value for name, value in row.items()})


def row_of(item: Any) -> dict[str, Any]:
    slot, version = item.slot, item.version
    return {
        "number": item.number,
        "name": item.name,
        "image": item.image_id,
        "state": item.state,
        "reason": reason_of(item),
        "canvas": str(version.canvas_id if version else item.canvas_id or ""),
        "version": str(version.pk) if version and version.done_at else "",
        "attempts": slot.attempt if slot else 0,
        "seconds": slot.seconds if slot else None,
    }


def reason_of(item: BatchItem) -> str:
    """Why it failed, or why it is not there yet; of one that is done, nothing."""
    state = getattr(item, "state", WAITING)
    if item.error:
        return item.error
    return sentence_of(item.slot.error) if item.slot and state != SlotState.DONE else ""
