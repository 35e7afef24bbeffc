"""The kiosk replay, on a folder in the format of MovieLens-100K."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.recommender_movielens import Player, Visit, film_features, play, replay, visits_of


class Remembering(Player):
    """Takes the first three; `shown`: to whom which film."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int]] = []

    def slate(self, visit: Visit, left: NDArray[np.intp]) -> NDArray[np.intp]:
        return left[:3]

    def learn(self, visit: Visit, chosen: NDArray[np.intp]) -> None:
        self.shown += [(visit.visitor, film) for film in visit.films[chosen].tolist()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty visitors who give five stars to films of odd numbers and two to the others; all films are dramas."""
    genres = "|".join(["0"] * 8 + ["1"] + ["0"] * 10)
    films = [f"{film}|Film {film} (1994)|01-Jan-1994||http://x|{genres}" for film in range(1, 41)]
    people = [f"{person}|{20 + person % 40}|{'MF'[person % 2]}|artist|00000" for person in range(1, 61)]
    rng = np.random.default_rng(0)
    ratings = [
        f"{person}\t{film}\t{5 if film % 2 else 2}\t880000000"
        for person in range(1, 61)
        for film in sorted(rng.permutation(40)[:12] + 1)
    ]
    for name, lines in (("u.item", films), ("u.user", people), ("u.data", ratings)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="latin-1")
    return tmp_path


def test_it_learns_which_films_are_liked(folder: Path) -> None:
    rates = replay(folder)
    assert rates.keys() == {"chance", "like-rate", "Thompson", "ours"}
    assert min(rates["ours"], rates["like-rate"], rates["Thompson"]) > rates["chance"]


def test_it_shows_nobody_a_film_twice(folder: Path) -> None:
    genres = (folder / "u.item").read_text(encoding="latin-1").replace("|0|1|0", "|1|1|0")
    (folder / "u.item").write_text(genres, encoding="latin-1")  # All are of two genres now.
    features = film_features(folder / "u.item")
    visits = list(visits_of(folder, features, np.random.default_rng(1)))
    assert len(visits) == 2 * 60
    player = Remembering()
    play(visits, player)
    assert len(player.shown) == len(set(player.shown)) == 60 * 12
