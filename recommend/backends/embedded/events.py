"""The ledger as the model learns it: looks and forgettings, in the order of their numbers."""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.context import Context, Look
from recommend.bandit.slate_model import SlateModel
from recommend.features import CONSTANT, UNKNOWN_AGE, layout, newness
from recommend.models import Description, Interaction
from recommend.models.description import unpack
from recommend.models.interaction import FORGOTTEN

logger = logging.getLogger(__name__)
BATCH = 500
_FEW = 3
"""For so many interactions at most, finding the first ones of their visitors costs more than it saves."""
RECALLED = 48
"""Interactions of a visitor that are read again when they come back; a look has one or a few."""


class _Said(NamedTuple):
    sequence: int
    pseudonym: int
    group: str
    emotion: str
    favorite: str
    hour: int | None
    zone: str
    looks: list[dict[str, Any]]
    kind: str

    @property
    def forgotten(self) -> str:
        """Whom the model is to forget here, if anybody."""
        return visitor_name(self.pseudonym) if self.kind == FORGOTTEN else ""


class LedgerEvent(NamedTuple):
    """`looks` to be learned, and then, if a visitor was forgotten here, whom to forget.

    `base` is the number by which pictures are seen as described, if that is later than a look. `is_first`: there is no
    earlier interaction of the visitor.
    """

    sequence: int
    looks: Sequence[Look]
    forgotten: str = ""
    base: int = 0
    is_first: bool = False

    def recall(self, model: SlateModel) -> Sequence[Look] | None:
        """What `teach` would have to read while the model is held: the earlier looks of who is not in memory."""
        if not self.looks or model.visitors.get(self.looks[0].visitor) is not None:
            return None
        return self._earlier(self.looks[0])

    def teach(self, model: SlateModel, recalled: Sequence[Look] | None = None) -> None:
        """A look that cannot be learned is passed over, by every process alike: it must not end all learning."""
        try:
            for look in self.looks:
                model.learn(look, partial(self._earlier, look, recalled if look is self.looks[0] else None))
        except (ValueError, ArithmeticError):
            logger.exception("Number %s of the ledger cannot be learned.", self.sequence)
        if self.forgotten:
            model.forget(self.forgotten)

    def _earlier(self, look: Look, read: Sequence[Look] | None = None) -> Sequence[Look]:
        """Those `read` before; else from the ledger, but not the look itself, told before: it is told anew."""
        if read is not None or self.is_first:
            return read or ()
        return [one for one in earlier_looks(look.visitor, to=self.sequence - 1, base=self.base) if one.id != look.id]


def read_events(*, after: int, to: int, base: int) -> Iterator[LedgerEvent]:
    """What stands between two numbers (after < number ≤ to), a batch read at a time.

    Pictures are seen as they were described when it happened, or by number `base` if that is later.
    """
    for start in range(after, to, BATCH):
        end = min(start + BATCH, to)
        rows = Interaction.objects.filter(sequence__gt=start, sequence__lte=end).order_by("sequence")
        said = [_Said._make(row) for row in rows.values_list(*_Said._fields)]
        described = _Descriptions(image for row in said for look in row.looks for image in look["images"])
        first = _firsts(said, start) if len(said) > _FEW else set()
        for row in said:
            looks = _looks(row, described, max(row.sequence, base))
            yield LedgerEvent(row.sequence, looks, row.forgotten, base, row.sequence in first)


def earlier_looks(visitor: str, *, to: int, base: int) -> list[Look]:
    """A visitor's last looks (number ≤ to) in the order in which they began, each as it was told last.

    Of who was forgotten by then there are none, although their interactions are still there as nobody's.
    """
    if not visitor:
        return []
    theirs = Interaction.objects.filter(pseudonym=int(visitor), sequence__lte=to).latest_first()
    said = [_Said._make(row) for row in theirs.values_list(*_Said._fields)[:RECALLED]]
    if said and said[0].forgotten:
        return []
    described = _Descriptions(image for row in said for look in row.looks for image in look["images"])
    told = {look.id: look for row in reversed(said) for look in _looks(row, described, max(row.sequence, base))}
    return [told[began] for began in sorted(told)]


def visitor_name(pseudonym: int | None) -> str:
    """As the model calls a visitor; nobody is the empty name."""
    return "" if pseudonym is None else str(pseudonym)


def _firsts(said: Sequence[_Said], start: int) -> set[int]:
    """Numbers of the interactions (in order, all after number `start`) that are the first of their visitors."""
    began = {row.pseudonym: row.sequence for row in reversed(said)}
    before = Interaction.objects.filter(pseudonym__in=began, sequence__lte=start)
    return set(began.values()) - {began[known] for known in before.values_list("pseudonym", flat=True).distinct()}


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
    features[:, layout().newness] = newness(told.get("days", UNKNOWN_AGE))
    return Look(told["look"], visitor, context, images, features, np.isin(images, told["liked"]), positions)


class _Descriptions:
    """Every description of some images, to be read as it was at some number of the ledger."""

    def __init__(self, images: Iterable[int]) -> None:
        self._numbers = defaultdict[int, list[int]](list)
        self._vectors = defaultdict[int, list[bytes]](list)
        rows = Description.objects.of_version(layout().version).of_images(set(images)).oldest_first()
        for image, sequence, vector in rows.values_list("image_id", "sequence", "vector"):
            self._numbers[image].append(sequence)
            self._vectors[image].append(bytes(vector))

    def at(self, images: Sequence[int], number: int) -> NDArray[np.float32]:
        """Rows of features (k × width)."""
        columns = layout()
        rows = np.zeros((len(images), columns.width), np.float32)
        rows[:, 0] = CONSTANT
        for row, image in zip(rows, images, strict=True):
            known = bisect_right(self._numbers[image], number)
            if known:
                row[columns.described] = unpack(self._vectors[image][known - 1])
        return rows
