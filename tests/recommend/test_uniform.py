"""Chance alone: every order equally likely, every propensity exact, every serving image at once."""

from collections import Counter

import pytest

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import Ranking
from recommend.backends.uniform import UniformRecommender
from tests.recommend.cast import ANN, plant, wanted

pytestmark = pytest.mark.django_db


def keys(ranking: Ranking, orientation: Orientation = Orientation.LANDSCAPE) -> list[str]:
    return list(ranking.images[orientation].keys)


def test_every_order_is_as_likely_as_any_other() -> None:
    plant(3)
    uniform = UniformRecommender()
    orders = Counter(tuple(keys(uniform.rank(ANN, wanted(seed=seed)))) for seed in range(1_200))
    assert len(orders) == 6
    assert all(150 < count < 250 for count in orders.values())


def test_its_propensities_are_exact() -> None:
    shown = [image.key for image in plant(30)]
    uniform = UniformRecommender()
    found = uniform.rank(ANN, wanted()).images[Orientation.LANDSCAPE]
    assert list(found.propensities) == [1 / (30 - slot) for slot in range(24)]
    assert uniform.chances(ANN, wanted(), Orientation.LANDSCAPE, shown[:3]) == [1 / 30, 1 / 29, 1 / 28]


def test_it_follows_what_is_published_moved_and_withdrawn() -> None:
    gone, moved, stays = plant(3)
    uniform = UniformRecommender()
    uniform.rank(ANN, wanted())
    Image.objects.filter(pk=gone.pk).withdraw()
    moved.favorite = "cat"
    moved.save()
    (new,) = plant(1)
    assert set(keys(uniform.rank(ANN, wanted()))) == {moved.key, stays.key, new.key}
    assert set(keys(uniform.rank(ANN, wanted(favorite="")))) == {stays.key, new.key}
    Image.objects.filter(pk=gone.pk).restore()
    assert gone.key in keys(uniform.rank(ANN, wanted()))
