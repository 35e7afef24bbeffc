"""The ledger as the model learns it: looks and forgettings, in the order of their numbers."""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommend.backends.embedded.shelf import CONSTANT, DESCRIBED, NEWNESS, WIDTH
from recommend.features import VERSION
from recommend.learning.age import UNKNOWN, newness
from recommend.learning.context import Context
from recommend.learning.looks import Look
from recommend.learning.slate_model import SlateModel
from recommend.models import Description, Forgetting, Interaction
from recommend.models.description import unpack

logger = logging.getLogger(__name__)
BATCH = 500


class _Said(NamedTuple):
    sequence: int
    pseudonym: int
    group: str
    emotion: str
    favorite: str
    hour: int | None
    zone: str
    looks: list[dict[str, Any]]


class Entry(NamedTuple):
    """`looks` to be learned, and then, if a visitor was forgotten here, whom to forget."""

    sequence: int
    looks: Sequence[Look]
    forgotten: str = ""

    def teach(self, model: SlateModel) -> None:
        """A look that cannot be learned is passed over, by every process alike: it must not end all learning."""
        try:
            for look in self.looks:
                model.learn(look)
        except (ValueError, ArithmeticError):
            logger.exception("Number %s of the ledger cannot be learned.", self.sequence)
        if self.forgotten:
            model.forget(self.forgotten)


def entries(*, after: int, to: int, base: int) -> Iterator[Entry]:
    """What stands between two numbers (after < number ≤ to), a batch read at a time.

    Pictures are seen as they were described when it happened, or by number `base` if that is later.
    """
    for start in range(after, to, BATCH):
        end = min(start + BATCH, to)
        said = [_Said._make(row) for row in _interactions(start, end)]
        described = _Descriptions(image for row in said for look in row.looks for image in look["images"])
        learned = [Entry(row.sequence, _looks(row, described, max(row.sequence, base))) for row in said]
        yield from sorted([*learned, *_forgettings(start, end)])


def visitor_name(pseudonym: int | None) -> str:
    """As the model calls a visitor; nobody is the empty name."""
    return "" if pseudonym is None else str(pseudonym)


def _interactions(after: int, to: int) -> Iterable[tuple[Any, ...]]:
    rows = Interaction.objects.filter(sequence__gt=after, sequence__lte=to).order_by("sequence")
    return rows.values_list(*_Said._fields)


def _forgettings(after: int, to: int) -> list[Entry]:
    rows = Forgetting.objects.filter(sequence__gt=after, sequence__lte=to).values_list("sequence", "pseudonym")
    return [Entry(sequence, (), visitor_name(pseudonym)) for sequence, pseudonym in rows]


def _looks(said: _Said, described: "_Descriptions", known_at: int) -> list[Look]:
    generation, _, gender = said.group.partition("/")
    context = Context(said.emotion, generation, gender, said.favorite, said.hour, said.zone)
    name = visitor_name(said.pseudonym)
    try:
        return [_look(look, name, context, described.at(look["images"], known_at)) for look in said.looks]
    except (ValueError, KeyError):
        logger.exception("Number %s of the ledger says nothing that can be learned.", said.sequence)
        return []


def _look(told: dict[str, Any], visitor: str, context: Context, features: NDArray[np.float32]) -> Look:
    images, positions = np.array(told["images"], np.int64), np.array(told["positions"], np.int64)
    features[:, NEWNESS] = newness(told.get("days", UNKNOWN))
    return Look(told["look"], visitor, context, images, features, np.isin(images, told["liked"]), positions)


class _Descriptions:
    """Every description of some images, to be read as it was at some number of the ledger."""

    def __init__(self, images: Iterable[int]) -> None:
        self._numbers = defaultdict[int, list[int]](list)
        self._vectors = defaultdict[int, list[bytes]](list)
        rows = Description.objects.of_version(VERSION).of_images(set(images)).oldest_first()
        for image, sequence, vector in rows.values_list("image_id", "sequence", "vector"):
            self._numbers[image].append(sequence)
            self._vectors[image].append(bytes(vector))

    def at(self, images: Sequence[int], number: int) -> NDArray[np.float32]:
        """Rows of features (k × WIDTH)."""
        rows = np.zeros((len(images), WIDTH), np.float32)
        rows[:, 0] = CONSTANT
        for row, image in zip(rows, images, strict=True):
            known = bisect_right(self._numbers[image], number)
            if known:
                row[DESCRIBED] = unpack(self._vectors[image][known - 1])
        return rows
