"""The role of a recommender: a visitor and a request in, an order of images out; what they liked back in."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from garden.errors import UnavailableError
from garden.vocabulary import Orientation
from recommend.bandit.context import group_of


class RecommenderUnavailableError(UnavailableError):
    """The recommender cannot answer now (service down, data missing)."""

    code = "recommender_unavailable"


class Kind(StrEnum):
    """What a visitor said: liked it, disliked it (or took a like back), or saw these and liked none."""

    LIKE = "like"
    DISLIKE = "dislike"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class VisitorContext:
    """What is known of who asks, and where and when. Every field but the id may be empty.

    `emotion` is the visitor's last one; `hour` is local, 0–23; `seen` are the ids of images this visitor was
    shown, long ago first; `pseudonym` is the number under which the ledger knows what they said, None if they
    said nothing.
    """

    id: str
    generation: str = ""
    gender: str = ""
    emotion: str = ""
    zone: str = ""
    hour: int | None = None
    pseudonym: int | None = None
    seen: Sequence[int] = ()

    @property
    def group(self) -> str:
        return group_of(self.generation, self.gender)


@dataclass(frozen=True, slots=True)
class RankingRequest:
    """What to rank: an emotion, one favorite under it (None: all of them), how many images of each orientation.

    The same `seed` over the same knowledge gives the same order: it is how a client pages through one ranking.
    """

    emotion: str
    favorite: str | None
    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class RankedImages:
    """Images of one orientation, best first, as parallel sequences.

    `scores` are the recommender's own, higher is better, not necessarily falling (exploration). `propensities`
    cover the first slots only: P(this image in this slot | the slots before it), 0 < p ≤ 1; empty if unknown.
    """

    keys: Sequence[str] = ()
    scores: Sequence[float] = ()
    propensities: Sequence[float] = ()

    def from_image(self, start: int) -> "RankedImages":
        return RankedImages(self.keys[start:], self.scores[start:], self.propensities[start:])


@dataclass(frozen=True, slots=True)
class Ranking:
    """An order for each orientation. `reference` is the recommender's own name for this answer, if it has one.

    `fallback` is the recommender that made it where the one that was asked could not.
    """

    images: dict[Orientation, RankedImages]
    reference: str = ""
    fallback: "Recommender | None" = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """One interaction. Keys are the images' identity; `item` is empty when nothing was chosen.

    `reference` is the `Ranking.reference` it answers to; `seconds` is when it happened (Unix time).
    """

    visitor: VisitorContext
    kind: Kind
    item: str
    impression: Sequence[str]
    event_id: str
    seconds: float
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommender(ABC):
    """Orders images for visitors. Subclasses declare their options as keyword-only dataclass fields.

    One instance serves all threads of a process.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    learn_writes: ClassVar[bool] = True
    """Whether `learn` writes to the database: where it does not, none of the transaction has to be taken back."""

    @abstractmethod
    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        """Order the serving images. Nothing to order (unknown emotion, empty garden) is an empty ranking.

        Raises RecommenderUnavailableError; the caller then answers in the stable order.
        """

    @abstractmethod
    def learn(self, feedback: Feedback) -> None:
        """Take an interaction in, once.

        Called inside the database transaction that saves the interaction: what is written there is kept or
        lost with it. What leaves the machine belongs in `transaction.on_commit`.
        """

    def warm_up(self) -> None:
        """Load what the first ranking would have to wait for.

        A server calls it beside its first requests, and again where it raises RecommenderUnavailableError.
        """

    def keep(self) -> None:
        """Called every minute by a worker: write down what a process that starts later would have to learn again."""

    def check(self) -> None:
        """Raise RecommenderUnavailableError if a ranking could not be made now."""
