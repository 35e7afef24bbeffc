"""The ledger's events for the model: impressions and deleted visitors, in the order of their numbers."""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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


class _Row(NamedTuple):
    sequence: int
    pseudonym: int
    group: str
    emotion: str
    impressions: list[dict[str, Any]]
    kind: str

    @property
    def forgotten(self) -> str:
        """The visitor whom the model must forget, if any."""
        return visitor_name(self.pseudonym) if self.kind == FORGOTTEN else ""


class LedgerEvent(NamedTuple):
    """`impressions` to be learned, then the visitor to be forgotten, if any."""

    sequence: int
    impressions: Sequence[Impression]
    forgotten: str = ""

    def teach(self, model: SlateModel) -> None:
        """An impression that cannot be learned is skipped by every process: it must not stop all learning."""
        try:
            for impression in self.impressions:
                model.learn(impression)
        except (ValueError, ArithmeticError):
            logger.exception("Number %s of the ledger cannot be learned.", self.sequence)
        if self.forgotten:
            model.forget(self.forgotten)


def read_events(*, after: int, to: int, base: int) -> Iterator[LedgerEvent]:
    """Events between two numbers (after < number ≤ to), read in batches.

    Pictures have their descriptions of that time, or those of number `base` if that is later.
    """
    for start in range(after, to, BATCH):
        end = min(start + BATCH, to)
        interactions = Interaction.objects.filter(sequence__gt=start, sequence__lte=end).order_by("sequence")
        rows = [_Row._make(row) for row in interactions.values_list(*_Row._fields)]
        described = _Descriptions(rows)
        for row in rows:
            impressions = _impressions(row, described, max(row.sequence, base))
            yield LedgerEvent(row.sequence, impressions, row.forgotten)


def visitor_name(pseudonym: int | None) -> str:
    """The model's name of a visitor; empty without a visitor."""
    return "" if pseudonym is None else str(pseudonym)


def _impressions(row: _Row, described: "_Descriptions", known_at: int) -> list[Impression]:
    generation, _, gender = row.group.partition("/")
    context = Context(row.emotion, generation, gender)
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
