"""MovieLens-100K replayed as a kiosk: new visitors, slates of three films of one genre, a like is five stars.

Only films that the visitor rated can be offered, so every choice has a known answer (Li et al. 2011, replay). A
visit is one genre of one visitor with at least six rated films; it shows two slates at most. Whoever chooses, no film
is shown to a visitor twice: one that pleased in its first genre would please again in its next. What counts is the
share of slates in which at least one film was liked. A film's features are its genres and the decade of its release;
gender and age are the context, and the genre is the emotion.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from garden.vocabulary import Emotion, Generation
from recommend.bandit.context import Context, slate_impression
from recommend.bandit.policy import Candidates, SlatePolicy, rank
from recommend.bandit.slate_model import SlateModel

_GENRES = 19
_LIKED = 5
_LEAST_FILMS, _SLATES, _SLATE = 6, 2, 3
_PRIOR_IMPRESSIONS = 5.0


@dataclass(frozen=True, slots=True)
class Visit:
    """`films`: numbers from 0, ascending, rated by this visitor and of one genre; `liked`: which got five stars."""

    visitor: str
    context: Context
    films: NDArray[np.int64]
    liked: NDArray[np.bool_]


def replay(folder: Path, seed: int = 1) -> dict[str, float]:
    """Like-rates per slate: of chance, of smoothed like-rates, of Thompson sampling without context, and of ours."""
    features = film_features(folder / "u.item")
    visits = list(visits_of(folder, features, np.random.default_rng(seed)))
    answers = {
        "chance": play(visits, _Chance(len(features), seed)),
        "like-rate": play(visits, _LikeRate(len(features), seed)),
        "Thompson": play(visits, _Thompson(len(features), seed)),
        "ours": play(visits, _Ours(features, seed)),
    }
    return {name: round(rate, 4) for name, rate in answers.items()}


def film_features(path: Path) -> NDArray[np.float32]:
    """Films × (constant, 19 genres, decade since 1900 about the nineties)."""
    rows = []
    for line in path.read_text(encoding="latin-1").splitlines():
        fields = line.split("|")
        year = int(fields[2][-4:]) if fields[2][-4:].isdigit() else 1995
        rows.append([1.0, *map(float, fields[-_GENRES:]), (year - 1990) / 10.0])
    return np.array(rows, np.float32)


def visits_of(folder: Path, features: NDArray[np.float32], rng: np.random.Generator) -> Iterator[Visit]:
    """Visitors in random order, each with the genres they know enough films of, in random order."""
    people = _people(folder / "u.user")
    ratings = np.loadtxt(folder / "u.data", dtype=np.int64, usecols=(0, 1, 2), ndmin=2)
    for person in rng.permutation(np.unique(ratings[:, 0])).tolist():
        own = ratings[ratings[:, 0] == person]
        own = own[np.argsort(own[:, 1])]
        films, liked = own[:, 1] - 1, own[:, 2] >= _LIKED
        for genre in rng.permutation(_GENRES).tolist():
            within = features[films, 1 + genre] > 0
            if within.sum() >= _LEAST_FILMS:
                generation, gender = people[person]
                context = Context(tuple(Emotion)[genre % len(Emotion)], generation, gender)
                yield Visit(str(person), context, films[within], liked[within])


def _people(path: Path) -> dict[int, tuple[str, str]]:
    """Generation and gender by number."""
    people = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        person, age, gender, *_ = line.split("|")
        generation = Generation.of_age_range(float(age), float(age))
        people[int(person)] = generation.value, {"M": "Male", "F": "Female"}.get(gender, "")
    return people


class Player(ABC):
    """Who chooses."""

    @abstractmethod
    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        """Three of the places `left` among the visit's films."""

    @abstractmethod
    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        """The visit holds which of the `chosen` places were liked."""


def play(visits: list[Visit], player: Player) -> float:
    """Share of slates with a like."""
    liked = list[bool]()
    shown = defaultdict[str, set[int]](set)
    for visit in visits:
        seen = shown[visit.visitor]
        for _ in range(_SLATES):
            left = np.flatnonzero([film not in seen for film in visit.films.tolist()])
            if len(left) < _SLATE:
                break
            chosen = player.slate(visit, left)
            seen.update(visit.films[chosen].tolist())
            liked.append(bool(visit.liked[chosen].any()))
            player.learn(visit, chosen)
    return float(np.mean(liked))


class _Chance(Player):
    """It counts how often films were `shown` and `liked`, for those who go by it."""

    def __init__(self, films: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.shown, self.liked = np.zeros(films), np.zeros(films)

    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        return left[np.argsort(-self.scores(visit.films[left]))[:_SLATE]]

    def scores(self, films: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.rng.random(len(films))

    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        self.shown[visit.films[chosen]] += 1
        self.liked[visit.films[chosen]] += visit.liked[chosen]

    def average(self) -> float:
        return float((self.liked.sum() + 1.0) / (self.shown.sum() + _PRIOR_IMPRESSIONS))


class _LikeRate(_Chance):
    """Like-rates of films, smoothed to that of all films; ties by chance."""

    def scores(self, films: NDArray[np.int64]) -> NDArray[np.float64]:
        rates = (self.liked[films] + _PRIOR_IMPRESSIONS * self.average()) / (self.shown[films] + _PRIOR_IMPRESSIONS)
        return rates + 1e-6 * self.rng.random(len(films))


class _Thompson(_Chance):
    """One Beta posterior a film, for everybody; its prior has the like-rate of all films (Chapelle & Li 2011)."""

    def scores(self, films: NDArray[np.int64]) -> NDArray[np.float64]:
        average, missed = self.average(), self.shown[films] - self.liked[films]
        return self.rng.beta(
            self.liked[films] + _PRIOR_IMPRESSIONS * average, missed + _PRIOR_IMPRESSIONS * (1.0 - average)
        )


class _Ours(Player):
    def __init__(self, features: NDArray[np.float32], seed: int) -> None:
        self.features = features
        self.model = SlateModel(features.shape[1])
        self.rng = np.random.default_rng(seed)

    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        films = visit.films[left]
        belief = self.model.belief(visit.context, visit.visitor)
        candidates = Candidates(films, self.features[films])
        policy = SlatePolicy(depth=_SLATE)
        return left[rank(candidates, belief, self.model.effects, self.rng, policy=policy, count=_SLATE).order]

    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        films, liked = visit.films[chosen], visit.liked[chosen]
        features = self.features[films]
        self.model.learn(slate_impression(self.model.learned, visit.visitor, visit.context, films, features, liked))
