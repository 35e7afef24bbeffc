"""The kiosk replay, on a folder in the format of MovieLens-100K."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.recommender_movielens import replay


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
    assert rates.keys() == {"chance", "like-rate", "ours"}
    assert rates["ours"] > rates["chance"]
