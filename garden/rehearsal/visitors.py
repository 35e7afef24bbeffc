"""What each visitor will do, drawn before the doors open: the same seed is the same day.

People take times with a long tail, so pauses are log-normal. Medians and shares are assumptions of ours, from
watching a few visits; a site that has measured its own visitors changes them here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from garden.vocabulary import Emotion

PREFIX = "rehearsal-"
"""Begins the id of every synthetic visitor, so that they can be told from real ones and removed."""

_RUSH = ((0.20, 0.40), (0.30, 0.25), (0.30, 0.25), (0.20, 0.10))
"""An opening day: (share of the time, share of the visitors). Most come when the doors open."""
_MOST_SLATES = 8

_WITHOUT_CAMERA = 0.10
_NOBODY_AT_FIRST = 0.04
_LEAVES_EARLY = 0.08
_CORRECTS = 0.40
_LIKES_A_PICTURE = 0.25
_LOOKS_ON = 0.65
_WISHES_A_FAVORITE = 0.15
_SENDS_TO_WALL = 0.45
_TAKES_SOUVENIR = 0.40
_OPENS_SOUVENIR = 0.60
_SENT_TWICE = 0.02


@dataclass(frozen=True, slots=True)
class SlatePlan:
    """Three pictures: how long they are looked at, which are liked, and whether that like is sent twice."""

    seconds: float
    likes: tuple[bool, bool, bool]
    sent_twice: bool
    wishes_favorite: bool


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """Seconds are those of a real day; `arrives` is a share of the day, `face` a place among the portraits."""

    id: str
    arrives: float
    uses_camera: bool
    face: float
    nobody_at_first: bool
    mood: str
    corrects: bool
    leaves_early: bool
    slates: tuple[SlatePlan, ...]
    sends_to_wall: bool
    takes_souvenir: bool
    opens_souvenir: bool
    to_consent: float
    to_look: float
    to_answer: float
    at_gift: float

    @property
    def seconds(self) -> float:
        """How long the visitor takes, without the server's part."""
        if self.leaves_early:
            return self.to_consent + self.to_look + self.to_answer
        looks = sum(slate.seconds for slate in self.slates)
        return self.to_consent + self.to_look + self.to_answer + looks + self.at_gift


def plan_day(visitors: int, *, mark: str, random: Random) -> list[VisitPlan]:
    """In the order in which they arrive; `mark` tells this rehearsal's visitors from another's."""
    arrivals = sorted(_arrival(random) for _ in range(visitors))
    return [_plan(f"{PREFIX}{mark}-{number:05d}", at, random) for number, at in enumerate(arrivals)]


def _arrival(random: Random) -> float:
    """A moment of the day (0 … 1), more likely in the rush."""
    begins = [0.0, *accumulate(time for time, _ in _RUSH)]
    part = random.choices(range(len(_RUSH)), [share for _, share in _RUSH])[0]
    return begins[part] + random.random() * _RUSH[part][0]


def _plan(visitor_id: str, arrives: float, random: Random) -> VisitPlan:
    return VisitPlan(
        id=visitor_id,
        arrives=arrives,
        uses_camera=random.random() >= _WITHOUT_CAMERA,
        face=random.random(),
        nobody_at_first=random.random() < _NOBODY_AT_FIRST,
        mood=random.choice([emotion.value for emotion in Emotion]),
        corrects=random.random() < _CORRECTS,
        leaves_early=random.random() < _LEAVES_EARLY,
        slates=tuple(_slates(random)),
        sends_to_wall=random.random() < _SENDS_TO_WALL,
        takes_souvenir=random.random() < _TAKES_SOUVENIR,
        opens_souvenir=random.random() < _OPENS_SOUVENIR,
        to_consent=_pause(random, 4, 0.5),
        to_look=_pause(random, 4, 0.3),
        to_answer=_pause(random, 3, 0.5),
        at_gift=_pause(random, 8, 0.6),
    )


def _slates(random: Random) -> Iterator[SlatePlan]:
    for _ in range(_MOST_SLATES):
        first, second, third = (random.random() < _LIKES_A_PICTURE for _ in range(3))
        sent_twice, wishes = random.random() < _SENT_TWICE, random.random() < _WISHES_A_FAVORITE
        yield SlatePlan(_pause(random, 6, 0.6), (first, second, third), sent_twice, wishes)
        if random.random() >= _LOOKS_ON:
            return


def _pause(random: Random, median: float, spread: float) -> float:
    """Seconds; nobody stays for ever."""
    return min(random.lognormvariate(math.log(median), spread), 10 * median)
