"""A batch to its end, told by a bar."""

import time

from tqdm import tqdm

from generation.models import RetouchBatch
from generation.queue.leases import requeue_expired
from generation.queue.worker import work
from generation.retouch.batch.reporting import counts_of, is_open

GLANCE = 0.5
"""Seconds between two looks; how long this process works between them."""


def follow(batch: RetouchBatch, *, with_work: bool) -> None:
    """Until nothing that was asked for is open; a paused batch waits until it is resumed.

    With work it also takes up what a process that died had begun: there may be no other worker, and no clock for them.
    """
    engines = batch.job.slots.engines() if batch.job else []
    counts = counts_of(batch)
    with tqdm(total=_asked(counts), unit=" pictures", disable=None) as bar:
        while is_open(counts):
            if not (with_work and _work(engines)):
                time.sleep(GLANCE)
            counts = counts_of(batch)
            bar.update(_asked(counts) - _open(counts) - bar.n)


def _work(engines: list[str]) -> int:
    """How many pictures were made."""
    requeue_expired()
    return work(engines=engines, seconds=GLANCE)


def _asked(counts: dict[str, int]) -> int:
    return counts["all"] - counts["waiting"]


def _open(counts: dict[str, int]) -> int:
    return counts["queued"] + counts["paused"] + counts["leased"]
