"""How the rows that are here stand to those of a backup."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from garden.archive.rows import trail
from garden.archive.rows.dumping import dump_batches
from garden.archive.rows.models import ACCOUNTS, backed_up_models
from garden.archive.snapshot import Snapshot

HARMLESS = {
    "curation.Garden",
    "curation.LikenessIndex",
    "garden.Zone",
    "generation.CreditPlan",
    "generation.PromptTemplate",
    "generation.TagWord",
    "recommend.Ledger",
    trail.LABEL,
}
"""Rows of these do not make a site that somebody uses: migrations and commands write them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one model: rows here, rows in the backup, and whether they are the same."""

    model: str
    here: int
    there: int
    same: bool

    @property
    def in_the_way(self) -> bool:
        return not self.same and self.here > 0 and self.model not in HARMLESS


def compare_rows(snapshot: Snapshot) -> list[Standing]:
    """Every model of the project that backups hold."""
    held = {model._meta.label: model for model in backed_up_models(snapshot.left_out)}
    others = [model for model in backed_up_models() if model._meta.label not in held]
    found = [_standing(label, dump_batches(model, snapshot.left_out), snapshot) for label, model in held.items()]
    return [*found, *(Standing(each._meta.label, each._base_manager.count(), 0, True) for each in others)]


def is_same(standings: list[Standing]) -> bool:
    return all(standing.same for standing in standings)


def unknown_models(snapshot: Snapshot) -> list[str]:
    """What the backup holds and this site does not know."""
    known = {model._meta.label for model in backed_up_models(snapshot.left_out)}
    return sorted(set(snapshot.rows) - known - set(ACCOUNTS))


def _standing(label: str, batches: Iterator[list[str]], snapshot: Snapshot) -> Standing:
    """Of the trail only as many lines as the backup has: what was written later stands after them."""
    digest, count = hashlib.sha256(), 0
    there = snapshot.rows.get(label)
    compared = there.lines if there is not None and label == trail.LABEL else sys.maxsize
    for lines in batches:
        digest.update("".join([f"{line}\n" for line in lines[: max(compared - count, 0)]]).encode())
        count += len(lines)
    same = there.sha256 == digest.hexdigest() if there is not None else count == 0
    return Standing(label, count, there.lines if there is not None else 0, same)
