"""Files without a row that other apps answer for: being written or deleted at this moment, or left behind by them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from django.dispatch import Signal

from garden.signals import abandoned_keys, keys_in_work
from garden.storage.sync.comparing import Difference, Kind

_BATCH = 500


def without_claimed(differences: Iterable[Difference]) -> Iterator[Difference]:
    """All but the new files that another app is at work on; what one left behind is an orphan, not a new picture."""
    source = iter(differences)
    while batch := list(islice(source, _BATCH)):
        new = [each.key for each in batch if each.kind is Kind.NEW]
        claimed, abandoned = claimed_of(new), _answers(abandoned_keys, new)
        for each in batch:
            if each.key in abandoned:
                yield replace(each, kind=Kind.ORPHAN, detail="left by a picture that was not finished")
            elif each.key not in claimed:
                yield each


def claimed_of(keys: Collection[str]) -> set[str]:
    return _answers(keys_in_work, keys)


def _answers(signal: Signal, keys: Collection[str]) -> set[str]:
    if not keys:
        return set()
    answers = signal.send(None, keys=keys)
    return {key for _receiver, named in answers for key in named or ()}
