"""What the votes on one picture come to."""

from collections.abc import Collection
from typing import NamedTuple

from curation.models import Vote
from garden.models import Image

UNDECIDED = ""


class Outcome(NamedTuple):
    verdict: str = UNDECIDED
    rating: int | None = None


def outcome_of(votes: Collection[Vote], needed: int) -> Outcome:
    """One verdict where all agree, `disputed` where not; nothing before `needed` curators gave a verdict.

    A vote that settles decides alone, the latest one of several.
    """
    settling = [vote for vote in votes if vote.settles and vote.verdict]
    if settling:
        return Outcome(max(settling, key=lambda vote: vote.decided_at).verdict, _rating(votes))
    verdicts = [vote.verdict for vote in votes if vote.verdict]
    if needed > 1 and len(verdicts) < needed:
        return Outcome()
    return Outcome(_agreed(set(verdicts)), _rating(votes))


def _agreed(verdicts: set[str]) -> str:
    if len(verdicts) > 1:
        return Image.Verdict.DISPUTED
    return next(iter(verdicts), UNDECIDED)


def _rating(votes: Collection[Vote]) -> int | None:
    """The mean of the ratings given, halves rounded up."""
    ratings = [vote.rating for vote in votes if vote.rating is not None]
    return int(sum(ratings) / len(ratings) + 0.5) if ratings else None
