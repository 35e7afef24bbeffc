"""Sums over all pictures, kept in the cache with their age; a clock renews them, so that the page seldom waits.

Stock: how many pictures there are of each emotion and orientation, in each state, and how many are the target. Keeping:
which templates, words, models and seeds make pictures that are kept, of the newest decided ones. Likes: what visitors
like. Decisions: how many each curator makes, and how far curators agree.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import TruncDay, TruncHour
from django.utils import timezone

from curation.models import Decision, Garden
from curation.models.release import TARGET
from curation.services.votes import agreement
from garden.models import Image
from garden.vocabulary import Emotion, Orientation
from recommend.models import ImageRate


@dataclass(frozen=True, slots=True)
class Stock:
    """One emotion in one orientation; `gap` is what is missing in the garden, `ready` what is liked in the pool."""

    emotion: str
    orientation: str
    target: int
    serving: int
    ready: int
    pool: int
    shelved: int
    trash: int

    @property
    def gap(self) -> int:
        return max(self.target - self.serving, 0)


def count_stock() -> dict[str, Any]:
    """Roll-up: counts by state, emotion and orientation; those of the liked pictures of the pool by the last two."""
    rows = Image.objects.order_by().values_list("state", "emotion", "orientation").annotate(Count("pk"))
    ready = Image.objects.pool().liked().order_by().values_list("emotion", "orientation").annotate(Count("pk"))
    return {
        "counts": Counter({tuple(key): count for *key, count in rows}),
        "ready": Counter({tuple(key): count for *key, count in ready}),
    }


def read_stock(rolled: dict[str, Any]) -> list[Stock]:
    """All emotions in both orientations, with the targets as they are now."""
    gardens = Garden.objects.in_bulk()
    return [
        Stock(
            emotion=emotion,
            orientation=orientation,
            target=getattr(gardens.get(emotion), f"{orientation}_target", TARGET),
            ready=rolled["ready"][emotion, orientation],
            **{
                state: rolled["counts"][state, emotion, orientation]
                for state in ("serving", "pool", "shelved", "trash")
            },
        )
        for emotion in map(str, Emotion)
        for orientation in map(str, Orientation)
    ]


def count_without_emotion(rolled: dict[str, Any]) -> int:
    """Pictures of the pool without an emotion."""
    return sum(rolled["counts"]["pool", "", str(orientation)] for orientation in Orientation)


NEWEST = 20_000
LEAST = 5
"""Below so many pictures a rate is not shown."""
MOST = 40
SEED_RANGES = 16
SEED_SPACE = 2**32
_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_FIELDS = ("pk", "state", "verdict", "model", "prompt", "parameters", "slot__template", "slot__seed")
_STATES = Image.State
_VERDICTS = Image.Verdict


class DecisionCounts(NamedTuple):
    """A picture that was kept or not."""

    kept: bool
    model: str
    prompt: str
    template: int | None
    seed: int | None


def count_keeping() -> dict[str, Any]:
    """Roll-up: `[name, decided, kept]` of each kind, the most decided first."""
    made = list(decided_pictures())
    return {
        "pictures": len(made),
        "kept": sum(one.kept for one in made),
        "template": _table((one.template, one.kept) for one in made if one.template is not None),
        "model": _table((one.model, one.kept) for one in made if one.model),
        "word": _table((word, one.kept) for one in made for word in words_of(one.prompt)),
        "seed": sorted(_table((_range(one.seed), one.kept) for one in made if one.seed is not None)),
    }


def decided_pictures() -> Iterator[DecisionCounts]:
    """The newest ones. Kept: liked and not removed, or published; a copy in the garden counts with its original."""
    found = merge(*(_newest(state, verdict) for state, verdict in _kinds()), key=lambda row: -row[0])
    for _, state, verdict, model, prompt, parameters, template, seed in islice(found, NEWEST):
        kept = state != _STATES.TRASH and (verdict == _VERDICTS.LIKE or state == _STATES.PUBLISHED)
        seed = parameters.get("seed") if seed is None else seed
        yield DecisionCounts(kept, model, prompt, template, seed if isinstance(seed, int) else None)


def words_of(prompt: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(prompt)}


def _kinds() -> Iterator[tuple[str, str]]:
    """Each is one walk along an index, so that a million undecided pictures cost nothing."""
    for state in _STATES.values:
        for verdict in ("", *_VERDICTS.values):
            decided = verdict in (_VERDICTS.LIKE, _VERDICTS.DISLIKE)
            if decided or state in (_STATES.PUBLISHED, _STATES.TRASH):
                yield state, verdict


def _newest(state: str, verdict: str) -> Iterator[tuple[Any, ...]]:
    """Read only as far as the others leave room for them."""
    own = Image.objects.filter(state=state, verdict=verdict, published_from=None)
    return own.order_by("-pk").values_list(*_FIELDS)[:NEWEST].iterator(chunk_size=1_000)


def _table(rows: Iterable[tuple[Any, bool]]) -> list[list[Any]]:
    decided: Counter[Any] = Counter()
    kept: Counter[Any] = Counter()
    for name, is_kept in rows:
        decided[name] += 1
        kept[name] += is_kept
    return [[name, count, kept[name]] for name, count in decided.most_common(MOST) if count >= LEAST]


def _range(seed: int) -> int:
    """Which sixteenth of the 32-bit seeds; larger ones wrap around."""
    return seed % SEED_SPACE * SEED_RANGES // SEED_SPACE


PICTURES = 20
LEAST_SHOWN = 10


def count_likes() -> dict[str, Any]:
    """Roll-up: `[emotion, shown, liked]`, and `[key, shown, liked]` of the best-liked pictures."""
    rates = ImageRate.objects.order_by()
    emotions = rates.values_list("image__emotion").annotate(Sum("shown"), Sum("liked")).order_by("image__emotion")
    images = rates.values_list("image__key", "image").annotate(often=Sum("shown"), likes=Sum("liked"))
    often = images.filter(often__gte=LEAST_SHOWN).order_by("-likes", "image")[: 10 * PICTURES]
    best = sorted(often, key=lambda row: (-row[3] / row[2], row[1]))[:PICTURES]
    return {
        "emotions": [list(row) for row in emotions],
        "images": [[key, shown, liked] for key, _image, shown, liked in best],
    }


DAYS = 14
HOURS = 24


def count_decisions() -> dict[str, Any]:
    """Roll-up: `[curator, time, decisions]` by day and by hour, and `[one, other, pictures, share, kappa]`."""
    now = timezone.localtime()
    names = {user.pk: user.get_username() for user in get_user_model()._default_manager.filter(is_staff=True)}
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "days": _count(TruncDay("created_at"), today - timedelta(days=DAYS - 1), names),
        "hours": _count(TruncHour("created_at"), this_hour - timedelta(hours=HOURS - 1), names),
        "agreement": [
            [names.get(pair.first, ""), names.get(pair.second, ""), pair.pictures, pair.share, pair.kappa]
            for pair in agreement()
        ],
    }


def _count(period: Any, since: Any, names: dict[int, str]) -> list[list[Any]]:
    rows = Decision.objects.filter(created_at__gte=since).order_by().annotate(period=period)
    counted = rows.values_list("curator", "period").annotate(Count("pk")).order_by("period", "curator")
    return [[names.get(curator or 0, ""), period.isoformat(), count] for curator, period, count in counted]


SOURCES: dict[str, Callable[[], dict[str, Any]]] = {
    "stock": count_stock,
    "keeping": count_keeping,
    "likes": count_likes,
    "decisions": count_decisions,
}
FRESH = timedelta(seconds=10)
"""A request before that gets the same figures."""
KEPT_SECONDS = 24 * 3600
"""Without a clock that renews them, figures are at most so old."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One roll-up, shown with its age."""

    data: dict[str, Any]
    computed_at: datetime


def read_figures() -> dict[str, Figures]:
    """All roll-ups; only those that the cache does not have are computed now."""
    return {name: cache.get(_key(name)) or roll_up(name) for name in SOURCES}


def roll_up(name: str) -> Figures:
    figures = Figures(SOURCES[name](), timezone.now())
    cache.set(_key(name), figures, KEPT_SECONDS)
    return figures


def roll_up_all() -> None:
    """Each unless it was computed just now."""
    for name in SOURCES:
        known = cache.get(_key(name))
        if known is None or known.computed_at < timezone.now() - FRESH:
            roll_up(name)


def _key(name: str) -> str:
    return f"curation.dashboard.{name}"
