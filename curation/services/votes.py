"""Votes: recording decisions, what the votes on a picture come to, how far curators agree."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F

from curation.models import Decision
from curation.models.vote import VERDICTS
from garden.batches import batches
from garden.models import Image

UNDECIDED = ""


class VoteOutcome(NamedTuple):
    verdict: str = UNDECIDED
    rating: int | None = None


def outcome_of(votes: Collection[Decision], needed: int) -> VoteOutcome:
    """One verdict where all agree, `disputed` where not; nothing before `needed` curators gave a verdict.

    A vote that settles decides alone, the latest one of several.
    """
    settling = [vote for vote in votes if vote.settles and vote.verdict]
    if settling:
        return VoteOutcome(max(settling, key=lambda vote: vote.created_at).verdict, _rating(votes))
    verdicts = [vote.verdict for vote in votes if vote.verdict]
    if needed > 1 and len(verdicts) < needed:
        return VoteOutcome()
    if len(set(verdicts)) > 1:
        return VoteOutcome(Image.Verdict.DISPUTED, _rating(votes))
    return VoteOutcome(verdicts[0] if verdicts else UNDECIDED, _rating(votes))


def _rating(votes: Collection[Decision]) -> int | None:
    """The mean of the ratings given, halves rounded up."""
    ratings = [vote.rating for vote in votes if vote.rating is not None]
    return int(sum(ratings) / len(ratings) + 0.5) if ratings else None


SETTLED = timedelta(seconds=5)
"""Younger decisions may be committed out of order: the cursor stays before them, and they are reported again."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """One keystroke. An empty verdict without a rating takes the vote back."""

    event: uuid.UUID
    image: int
    verdict: str
    rating: int | None = None
    settles: bool = False


@dataclass(frozen=True, slots=True)
class DecidedImage:
    """What the image's votes come to now, and the curator's own."""

    image: int
    outcome: VoteOutcome
    mine: VoteOutcome


@dataclass(frozen=True, slots=True)
class Decided:
    images: list[DecidedImage]
    missing: list[int]
    cursor: int


@transaction.atomic
def decide(*, by: AbstractBaseUser, decisions: Sequence[NewDecision]) -> Decided:
    """Write the decisions in order; those written before are only answered. Images that are gone are `missing`.

    Holding the images' rows makes one of several curators the first.
    """
    images = dict.fromkeys(decision.image for decision in decisions)
    known = _hold_images(images)
    table = _VotingTable(known, by)
    written = [table.cast(decision) for decision in _unwritten(decisions) if decision.image in known]
    table.save(written)
    return Decided(
        images=[table.describe(image) for image in images if image in known],
        missing=[image for image in images if image not in known],
        cursor=max((decision.pk for decision in written), default=0),
    )


def decisions_since(*, by: AbstractBaseUser, cursor: int, limit: int) -> tuple[list[Decision], int]:
    """Others' decisions after the cursor, and the next cursor; some come twice, none is left out.

    Blind: only of images that have all their votes.
    """
    others = Decision.objects.after(cursor).visible_to(by.pk).exclude(curator=by.pk).filter(image__isnull=False)
    found = list(others.select_related("image", "curator")[:limit])
    past = Decision.objects.after(cursor).older_than(SETTLED)
    if len(found) == limit:
        past = past.filter(id__lte=found[-1].pk)
    return found, past.order_by("-id").values_list("id", flat=True).first() or cursor


def _hold_images(ids: Iterable[int]) -> dict[int, Image]:
    """In the order of their ids, so that two curators never wait for each other."""
    found: dict[int, Image] = {}
    for some in batches(sorted(ids)):
        held = Image.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
        found.update({image.pk: image for image in held.only("key", "verdict", "rating")})
    return found


def _unwritten(decisions: Sequence[NewDecision]) -> list[NewDecision]:
    fresh = {decision.event: decision for decision in reversed(decisions)}
    for some in batches(list(fresh)):
        for event in Decision.objects.filter(event__in=some).values_list("event", flat=True):
            del fresh[event]
    return list(reversed(fresh.values()))


class _VotingTable:
    """All votes on some images, while one curator's new ones come in."""

    def __init__(self, images: dict[int, Image], by: AbstractBaseUser) -> None:
        self._images = images
        self._by = by.pk
        self._touched: dict[int, Decision] = {}
        self._votes: dict[int | None, dict[int | None, Decision]] = defaultdict(dict)
        for some in batches(list(images)):
            for vote in Decision.objects.current().filter(image__in=some):
                self._votes[vote.image_id][vote.curator_id] = vote

    def cast(self, new: NewDecision) -> Decision:
        before = self._mine(new.image)
        if new.image in self._touched:
            self._touched[new.image].is_current = False
        decision = Decision(
            event=new.event,
            image_id=new.image,
            key=self._images[new.image].key,
            curator_id=self._by,
            verdict=new.verdict,
            rating=new.rating,
            previous_verdict=before.verdict,
            previous_rating=before.rating,
            settles=new.settles,
            is_current=bool(new.verdict) or new.rating is not None,
        )
        self._votes[new.image][self._by] = self._touched[new.image] = decision
        return decision

    def save(self, written: Sequence[Decision]) -> None:
        for some in batches(list(self._touched)):
            Decision.objects.current().filter(image__in=some, curator=self._by).update(is_current=False)
        Decision.objects.bulk_create(written)
        self._save_outcomes()

    def describe(self, image: int) -> DecidedImage:
        found = self._images[image]
        return DecidedImage(image, VoteOutcome(found.verdict, found.rating), self._mine(image))

    def _mine(self, image: int) -> VoteOutcome:
        vote = self._votes[image].get(self._by)
        return VoteOutcome(vote.verdict, vote.rating) if vote else VoteOutcome()

    def _save_outcomes(self) -> None:
        """One UPDATE for each of the few outcomes there are."""
        changed: dict[VoteOutcome, list[int]] = defaultdict(list)
        for image in self._touched:
            outcome = outcome_of(self._votes[image].values(), settings.CURATION_VOTES_NEEDED)
            if outcome != (self._images[image].verdict, self._images[image].rating):
                changed[outcome].append(image)
                self._images[image].verdict, self._images[image].rating = outcome
        for outcome, images in changed.items():
            for some in batches(images):
                Image.objects.filter(pk__in=some).update(**outcome._asdict())


LIKE = Image.Verdict.LIKE.value


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two curators: pictures both voted on, share they agree on (0–1), Cohen's kappa (None: one verdict only)."""

    first: int
    second: int
    pictures: int
    share: float
    kappa: float | None


def agreement() -> list[Agreement]:
    """Every pair of curators that voted on the same pictures; settling votes count as any other."""
    tables: dict[tuple[int, int], dict[tuple[str, str], int]] = defaultdict(dict)
    verdicts = [verdict for verdict, _label in VERDICTS]
    both = Decision.objects.current().filter(
        verdict__in=verdicts,
        image__decisions__is_current=True,
        image__decisions__curator__gt=F("curator"),
        image__decisions__verdict__in=verdicts,
    )
    pairs = both.values_list("curator", "image__decisions__curator", "verdict", "image__decisions__verdict")
    for first, second, one, other, pictures in pairs.annotate(pictures=Count("pk")).order_by():
        tables[first, second][one, other] = pictures
    return [_measure(first, second, table) for (first, second), table in sorted(tables.items())]


def _measure(first: int, second: int, table: dict[tuple[str, str], int]) -> Agreement:
    pictures = sum(table.values())
    share = sum(count for (one, other), count in table.items() if one == other) / pictures
    first_likes = sum(count for (one, _), count in table.items() if one == LIKE) / pictures
    second_likes = sum(count for (_, other), count in table.items() if other == LIKE) / pictures
    chance = first_likes * second_likes + (1 - first_likes) * (1 - second_likes)
    kappa = (share - chance) / (1 - chance) if chance < 1 else None
    return Agreement(first, second, pictures, share, kappa)
