"""How the rows that are here stand to those of a backup."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from garden.archive.rows.dumping import dump_rows
from garden.archive.rows.models import ACCOUNTS, backed_up_models
from garden.archive.snapshot import Snapshot

MADE_BY_MIGRATE = {"curation.Garden", "generation.PromptTemplate", "curation.LikenessIndex", "recommend.Ledger"}
"""Rows of these do not make a site that somebody uses."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one model: rows here, rows in the backup, and whether they are the same."""

    model: str
    here: int
    there: int
    same: bool

    @property
    def in_the_way(self) -> bool:
        return not self.same and self.here > 0 and self.model not in MADE_BY_MIGRATE


def compare_rows(snapshot: Snapshot) -> list[Standing]:
    """Every model of the project that backups hold."""
    held = {model._meta.label: model for model in backed_up_models(snapshot.left_out)}
    others = [model for model in backed_up_models() if model._meta.label not in held]
    found = [_standing(label, dump_rows(model, snapshot.left_out), snapshot) for label, model in held.items()]
    return [*found, *(Standing(each._meta.label, each._base_manager.count(), 0, True) for each in others)]


def is_same(standings: list[Standing]) -> bool:
    return all(standing.same for standing in standings)


def unknown_models(snapshot: Snapshot) -> list[str]:
    """What the backup holds and this site does not know."""
    known = {model._meta.label for model in backed_up_models(snapshot.left_out)}
    return sorted(set(snapshot.rows) - known - set(ACCOUNTS))


def _standing(label: str, lines: Iterator[str], snapshot: Snapshot) -> Standing:
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(f"{line}\n".encode())
        count += 1
    there = snapshot.rows.get(label)
    same = there.sha256 == digest.hexdigest() if there is not None else count == 0
    return Standing(label, count, there.lines if there is not None else 0, same)
