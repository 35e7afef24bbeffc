"""Files that somebody is writing before their row, or deleting after it: they are no difference."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from garden.signals import keys_in_work
from garden.storage.sync.comparing import Difference, Kind

_BATCH = 500


def without_claimed(differences: Iterable[Difference]) -> Iterator[Difference]:
    """All but the new files that another room is at work on."""
    source = iter(differences)
    while batch := list(islice(source, _BATCH)):
        claimed = claimed_of([each.key for each in batch if each.kind is Kind.NEW])
        yield from (each for each in batch if each.key not in claimed)


def claimed_of(keys: Collection[str]) -> set[str]:
    if not keys:
        return set()
    answers = keys_in_work.send(None, keys=keys)
    return {key for _receiver, claimed in answers for key in claimed or ()}
