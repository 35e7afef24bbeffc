"""The ledger's events for the model: impressions and deleted visitors, in the order of their numbers."""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommend.bandit.context import Context, Impression
from recommend.bandit.slate_model import SlateModel
from recommend.features import CONSTANT, UNKNOWN_AGE, layout, newness
from recommend.models import Description, Interaction
from recommend.models.description import unpack
from recommend.models.interaction import FORGOTTEN

logger = logging.getLogger(__name__)
BATCH = 500
_FEW = 3
"""Up to so many interactions, the query for visitors' first ones costs more than it saves."""
RECALLED = 48
"""Interactions of a returning visitor that are read again; an impression has one or a few."""


class _Row(NamedTuple):
    sequence: int
    pseudonym: int
    group: str
    emotion: str
    favorite: str
    hour: int | None
    zone: str
    impressions: list[dict[str, Any]]
    kind: str

    @property
    def forgotten(self) -> str:
        """The visitor whom the model must forget, if any."""
        return visitor_name(self.pseudonym) if self.kind == FORGOTTEN else ""


class LedgerEvent(NamedTuple):
    """`impressions` to be learned, then the visitor to be forgotten, if any.

    Descriptions up to number `base` are used, if that is later than an impression. `is_first`: there is no
    earlier interaction of the visitor.
    """

    sequence: int
    impressions: Sequence[Impression]
    forgotten: str = ""
    base: int = 0
    is_first: bool = False

    def recall(self, model: SlateModel) -> Sequence[Impression] | None:
        """The earlier impressions of a visitor who is not in memory, read before `teach` needs the model's lock."""
        if not self.impressions or model.visitors.get(self.impressions[0].visitor) is not None:
            return None
        return self._earlier(self.impressions[0])

    def teach(self, model: SlateModel, recalled: Sequence[Impression] | None = None) -> None:
        """An impression that cannot be learned is skipped by every process: it must not stop all learning."""
        try:
            for number, impression in enumerate(self.impressions):
                model.learn(impression, partial(self._earlier, impression, None if number else recalled))
        except (ValueError, ArithmeticError):
            logger.exception("Number %s of the ledger cannot be learned.", self.sequence)
        if self.forgotten:
            model.forget(self.forgotten)

    def _earlier(self, impression: Impression, read: Sequence[Impression] | None = None) -> Sequence[Impression]:
        """Those `read` before; otherwise from the ledger, without an earlier state of the impression itself."""
        if read is not None or self.is_first:
            return read or ()
        before = earlier_impressions(impression.visitor, to=self.sequence - 1, base=self.base)
        return [one for one in before if one.id != impression.id]


def read_events(*, after: int, to: int, base: int) -> Iterator[LedgerEvent]:
    """Events between two numbers (after < number ≤ to), read in batches.

    Pictures have their descriptions of that time, or those of number `base` if that is later.
    """
    for start in range(after, to, BATCH):
        end = min(start + BATCH, to)
        interactions = Interaction.objects.filter(sequence__gt=start, sequence__lte=end).order_by("sequence")
        rows = [_Row._make(row) for row in interactions.values_list(*_Row._fields)]
        described = _Descriptions(rows)
        first = _firsts(rows, start) if len(rows) > _FEW else set()
        for row in rows:
            impressions = _impressions(row, described, max(row.sequence, base))
            yield LedgerEvent(row.sequence, impressions, row.forgotten, base, row.sequence in first)


def earlier_impressions(visitor: str, *, to: int, base: int) -> list[Impression]:
    """A visitor's last impressions (number ≤ to) in the order in which they began, each in its last state.

    None for a deleted visitor, although the anonymous interactions remain.
    """
    if not visitor:
        return []
    theirs = Interaction.objects.filter(pseudonym=int(visitor), sequence__lte=to).latest_first()
    rows = [_Row._make(row) for row in theirs.values_list(*_Row._fields)[:RECALLED]]
    if rows and rows[0].forgotten:
        return []
    described, latest = _Descriptions(rows), dict[int, Impression]()
    for row in reversed(rows):
        latest |= {one.id: one for one in _impressions(row, described, max(row.sequence, base))}
    return [latest[began] for began in sorted(latest)]


def visitor_name(pseudonym: int | None) -> str:
    """The model's name of a visitor; empty without a visitor."""
    return "" if pseudonym is None else str(pseudonym)


def _firsts(rows: Sequence[_Row], start: int) -> set[int]:
    """Numbers of the interactions (in order, all after number `start`) that are the first of their visitors."""
    began = {row.pseudonym: row.sequence for row in reversed(rows)}
    before = Interaction.objects.filter(pseudonym__in=began, sequence__lte=start)
    return set(began.values()) - {began[known] for known in before.values_list("pseudonym", flat=True).distinct()}


def _impressions(row: _Row, described: "_Descriptions", known_at: int) -> list[Impression]:
    generation, _, gender = row.group.partition("/")
    context = Context(row.emotion, generation, gender, row.favorite, row.hour, row.zone)
    name = visitor_name(row.pseudonym)
    try:
        return [_impression(one, name, context, described.at(one["images"], known_at)) for one in row.impressions]
    except (ValueError, KeyError):
        logger.exception("Number %s of the ledger cannot be read.", row.sequence)
        return []


def _impression(latest: dict[str, Any], visitor: str, context: Context, features: NDArray[np.float32]) -> Impression:
    images, positions = np.array(latest["images"], np.int64), np.array(latest["positions"], np.int64)
    features[:, layout().newness] = newness(latest.get("days", UNKNOWN_AGE))
    return Impression(latest["id"], visitor, context, images, features, np.isin(images, latest["liked"]), positions)


class _Descriptions:
    """All descriptions of some images, to be read as of a number of the ledger."""

    def __init__(self, interactions: Iterable[_Row]) -> None:
        images = {image for row in interactions for one in row.impressions for image in one["images"]}
        self._numbers = defaultdict[int, list[int]](list)
        self._vectors = defaultdict[int, list[bytes]](list)
        rows = Description.objects.filter(version=layout().version, image__in=images).order_by("sequence")
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
