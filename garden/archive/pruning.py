"""Removing old snapshots, and contents that nobody speaks of any more.

In this order, so that it can be killed anywhere: seals, pages, contents. A content goes only when no page names it,
sealed or not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from garden.archive.layout import CONTENTS, FILES, SEAL, SNAPSHOTS, age_of, is_time, seal_name
from garden.archive.manifest import entry_of
from garden.archive.places import DiskPlace
from garden.archive.snapshot import list_snapshots
from garden.archive.stores import Vault

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Pruning:
    """`removed` are times of snapshots; `contents` and `bytes` what was freed."""

    kept: list[str]
    removed: list[str]
    contents: int
    bytes: int


def prune_backup(*, vault: Vault, keep: int, dry: bool = False) -> Pruning:
    """Keep the newest `keep` snapshots that are whole. Nobody may write to a bucket meanwhile; a folder sees to it."""
    with vault.writing():
        whole, begun = list_snapshots(vault)
        kept = whole[-keep:]
        old = [time for time in begun if age_of(time) > DAY or (kept and time < kept[-1] and _is_alone(vault))]
        gone = {*whole[: len(whole) - len(kept)], *old}
        if not dry:
            _remove_snapshots(vault, sorted(gone))
        freed = list(_unspoken_of(vault, gone))
        for name, _size in [] if dry else freed:
            vault.place.delete(name)
    return Pruning(kept, sorted(gone), len(freed), sum(size for _name, size in freed))


def _remove_snapshots(vault: Vault, times: list[str]) -> None:
    for time in times:
        vault.place.delete(seal_name(time))
    for name in [name for name in vault.documents() if _time_of(name) in times]:
        vault.place.delete(name)


def _unspoken_of(vault: Vault, gone: set[str]) -> Iterator[tuple[str, int]]:
    """In a bucket, what is younger than a day stays: somebody may be about to speak of it."""
    spoken_of = set(_spoken_of(vault, gone))
    youngest = 0.0 if _is_alone(vault) else DAY
    for seen in vault.place.walk(CONTENTS):
        sha256 = seen.key.rpartition("/")[2]
        if sha256 not in spoken_of and seen.age >= youngest:
            yield seen.key, seen.size


def _spoken_of(vault: Vault, gone: set[str]) -> Iterator[str]:
    for name in vault.documents():
        time = _time_of(name)
        if time in gone or not is_time(time) or name.endswith(SEAL) or name.split("/")[2] != FILES:
            continue
        for line in vault.read(name).decode().split("\n")[:-1]:
            yield entry_of(line).kept.sha256


def _time_of(name: str) -> str:
    return name.removeprefix(f"{SNAPSHOTS}/").partition("/")[0]


def _is_alone(vault: Vault) -> bool:
    """Only a folder keeps other writers out."""
    return isinstance(vault.place, DiskPlace)
