"""MovieLens-100K replayed as a kiosk: new visitors, slates of three films of one genre, a like is five stars.

Only films that the visitor rated can be offered, so every choice has a known answer (Li et al. 2011, replay). A
visit is one genre of one visitor with at least six rated films; it shows two slates at most. What counts is the
share of slates in which at least one film was liked. A film's features are its genres and the decade of its release;
gender and age are the context, and the genre stands for the emotion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from garden.vocabulary import Emotion, Generation
from recommend.learning.candidates import Candidates
from recommend.learning.context import Context
from recommend.learning.looks import slate_look
from recommend.learning.policy import SlatePolicy
from recommend.learning.slate_model import SlateModel
from recommend.learning.slates import rank

_GENRES = 19
_LIKED = 5
_LEAST_FILMS, _SLATES = 6, 2


@dataclass(frozen=True, slots=True)
class Visit:
    """`films`: numbers from 0, ascending, rated by this visitor and of one genre; `liked`: which got five stars."""

    visitor: str
    context: Context
    films: NDArray[np.int64]
    liked: NDArray[np.bool_]


def replay(folder: Path, seed: int = 1) -> dict[str, float]:
    """Like-rates per slate: of chance, of smoothed like-rates, and of ours."""
    features = film_features(folder / "u.item")
    visits = list(visits_of(folder, features, np.random.default_rng(seed)))
    answers = {
        "chance": _play(visits, _Counts(len(features), 0.0, seed)),
        "like-rate": _play(visits, _Counts(len(features), 1.0, seed)),
        "ours": _play(visits, _Ours(features, seed)),
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
                context = Context(tuple(Emotion)[genre % len(Emotion)], generation, gender, favorite=f"genre {genre}")
                yield Visit(str(person), context, films[within], liked[within])


def _people(path: Path) -> dict[int, tuple[str, str]]:
    """Generation and gender by number."""
    people = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        person, age, gender, *_ = line.split("|")
        generation = Generation.of_age_range(float(age), float(age))
        people[int(person)] = generation.value, {"M": "Male", "F": "Female"}.get(gender, "")
    return people


def _play(visits: list[Visit], player: "_Counts | _Ours") -> float:
    liked = []
    for visit in visits:
        left = np.ones(len(visit.films), np.bool_)
        for _ in range(_SLATES):
            chosen = player.slate(visit, np.flatnonzero(left))
            left[chosen] = False
            liked.append(bool(visit.liked[chosen].any()))
            player.learn(visit, chosen)
    return float(np.mean(liked))


class _Counts:
    """Like-rates of films smoothed to that of all films; `weight` 0 leaves chance alone."""

    def __init__(self, films: int, weight: float, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.weight = weight
        self.shown, self.liked = np.zeros(films), np.zeros(films)

    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        films = visit.films[left]
        average = (self.liked.sum() + 1.0) / (self.shown.sum() + 5.0)
        rates = (self.liked[films] + 5.0 * average) / (self.shown[films] + 5.0)
        return left[np.argsort(-(self.weight * rates + 1e-6 * self.rng.random(len(films))))[:3]]

    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        self.shown[visit.films[chosen]] += 1
        self.liked[visit.films[chosen]] += visit.liked[chosen]


class _Ours:
    def __init__(self, features: NDArray[np.float32], seed: int) -> None:
        self.features = features
        self.model = SlateModel(features.shape[1])
        self.rng = np.random.default_rng(seed)

    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        films = visit.films[left]
        belief = self.model.belief(visit.context, visit.visitor)
        candidates = Candidates(films, self.features[films])
        policy = SlatePolicy(depth=3)
        return left[rank(candidates, belief, self.model.effects, self.rng, policy=policy, count=3).order]

    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        films, liked = visit.films[chosen], visit.liked[chosen]
        features = self.features[films]
        self.model.learn(slate_look(self.model.learned, visit.visitor, visit.context, films, features, liked))
