"""Files without a row: those that other apps are writing or deleting, those they left behind, copies of no picture."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.dispatch import Signal

from garden.models import Image
from garden.signals import abandoned_keys, files_of_nobody, keys_in_work
from garden.storage.base import StoredFile, picture_storage
from garden.storage.sync.comparing import Difference, Kind

_BATCH = 500
_original_of = re.compile(r"derived/\d+/(?P<key>.+)\.(webp|avif)").fullmatch


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


def orphaned_copies() -> Iterator[Difference]:
    """Copies without an image, in the order of their keys."""
    files = picture_storage().walk("derived")
    while batch := list(islice(files, _BATCH)):
        yield from _without_image(batch)


def orphans_elsewhere() -> Iterator[Difference]:
    """Files of apps that the garden does not know, which belong to nothing there."""
    answers: list[tuple[Any, Any]] = files_of_nobody.send(None)
    for _receiver, files in answers:
        yield from (Difference(Kind.ORPHAN, file.key, file, detail="belongs to nothing") for file in files)


def _without_image(batch: list[StoredFile]) -> Iterator[Difference]:
    originals = {file.key: match["key"] for file in batch if (match := _original_of(file.key))}
    alive = set(Image.objects.filter(key__in=originals.values()).values_list("key", flat=True))
    for file in batch:
        if originals.get(file.key) not in alive:
            yield Difference(Kind.ORPHAN, file.key, file, detail="a copy of no picture")
