"""The role of a recommender: it orders images for a visitor and a request, and learns from likes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from garden.errors import UnavailableError
from garden.vocabulary import Orientation
from recommend.bandit.context import group_of


class RecommenderUnavailableError(UnavailableError):
    """The recommender is unavailable (service down, data missing)."""

    code = "recommender_unavailable"


class Kind(StrEnum):
    """A like, a dislike (or a like taken back), or an impression without a like."""

    LIKE = "like"
    DISLIKE = "dislike"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class VisitorContext:
    """What is known of the visitor, the place and the time. Every field but the id may be empty.

    `emotion` is the visitor's last one; `hour` is local, 0–23; `seen` are the ids of images shown to this visitor,
    oldest first; `pseudonym` is their number in the ledger, None without interactions.
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

    The same `seed` and state give the same order, so that a client can page through one ranking.
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
    """An order for each orientation. `reference` is the recommender's own id of this response, if it has one.

    `fallback` is the recommender that made it if the requested one failed.
    """

    images: dict[Orientation, RankedImages]
    reference: str = ""
    fallback: "Recommender | None" = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """One interaction, with keys of images; `item` is empty if nothing was chosen.

    `reference` is the `Ranking.reference` of the garden; `seconds` is its Unix time.
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
    """Whether `learn` writes to the database and needs a savepoint."""

    @abstractmethod
    def rank(self, visitor: VisitorContext, request: RankingRequest) -> Ranking:
        """Order the serving images. Nothing to order (unknown emotion, empty garden) is an empty ranking.

        Raises RecommenderUnavailableError; the caller then responds with the stable order.
        """

    @abstractmethod
    def learn(self, feedback: Feedback) -> None:
        """Learn from one interaction, once.

        Called in the database transaction that saves the interaction; requests to other machines belong in
        `transaction.on_commit`.
        """

    def warm_up(self) -> None:
        """Load what the first ranking needs.

        A server calls it during its first requests, and again if it raises RecommenderUnavailableError.
        """

    def save_state(self) -> None:
        """Called every minute by a worker: save what a process that starts later would have to learn again."""

    def check(self) -> None:
        """Raise RecommenderUnavailableError if rankings fail now."""
