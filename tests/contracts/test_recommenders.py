"""What every recommender must do, whoever makes it: add yours to RECOMMENDERS."""

import dataclasses
from typing import Any

import pytest

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import Ranking, Recommender, VisitorContext
from recommend.backends.personalize import PersonalizeRecommender
from recommend.backends.registry import get_recommender
from tests.recommend.cast import ANN, interact, plant, wanted
from tests.recommend.personalize.conftest import _credentials, personalize, site  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

RECOMMENDERS: dict[str, dict[str, Any]] = {
    "embedded": {"BACKEND": "recommend.backends.embedded.EmbeddedRecommender"},
    "embedded, all by chance": {
        "BACKEND": "recommend.backends.embedded.EmbeddedRecommender",
        "OPTIONS": {"exploration_floor": 1.0, "exploration_ceiling": 1.0},
    },
    "embedded, nothing by chance": {
        "BACKEND": "recommend.backends.embedded.EmbeddedRecommender",
        "OPTIONS": {"depth": 0},
    },
}
PERSONALIZE = "Amazon Personalize"
"""Its settings follow once the service listens."""


@pytest.fixture(params=[*RECOMMENDERS, PERSONALIZE])
def recommender(request: pytest.FixtureRequest, settings: Any) -> Recommender:
    if request.param == PERSONALIZE:
        site = request.getfixturevalue("site")
        return site()  # type: ignore[no-any-return]
    settings.RECOMMENDER = RECOMMENDERS[request.param]
    return get_recommender()


def rank(recommender: Recommender, visitor: VisitorContext = ANN, **asked: Any) -> Ranking:
    return recommender.rank(visitor, wanted(**asked))


def keys(ranking: Ranking, orientation: Orientation = Orientation.LANDSCAPE) -> list[str]:
    return list(ranking.images[orientation].keys)


def test_it_has_a_name_a_version_and_at_most_five_methods(recommender: Recommender) -> None:
    assert recommender.name
    assert recommender.version
    own = [name for name, value in vars(Recommender).items() if callable(value) and not name.startswith("_")]
    assert len(own) <= 5


def test_its_options_are_fields_that_cannot_change(recommender: Recommender) -> None:
    option = dataclasses.fields(recommender)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(recommender, option, None)


def test_it_is_ready_and_warms_up_more_than_once(recommender: Recommender) -> None:
    recommender.check()
    recommender.warm_up()
    recommender.warm_up()


def test_it_ranks_every_serving_image_of_the_emotion_once_by_orientation(recommender: Recommender) -> None:
    wide, tall = plant(5), plant(3, orientation=Orientation.PORTRAIT)
    plant(2, "happy")
    ranking = rank(recommender)
    assert sorted(keys(ranking)) == sorted(image.key for image in wide)
    assert sorted(keys(ranking, Orientation.PORTRAIT)) == sorted(image.key for image in tall)


def test_an_emotion_means_all_its_favorites_and_a_favorite_means_itself(recommender: Recommender) -> None:
    plain, cats = plant(2), plant(2, "calm/cat")
    assert set(keys(rank(recommender))) == {image.key for image in [*plain, *cats]}
    assert set(keys(rank(recommender, favorite="cat"))) == {image.key for image in cats}


def test_nothing_to_rank_is_an_empty_ranking(recommender: Recommender) -> None:
    plant(1)
    requests: list[dict[str, Any]] = [
        {"emotion": "happy"},
        {"emotion": "bored"},
        {"favorite": "unicorn"},
        {"emotion": ""},
    ]
    for asked in requests:
        ranking = rank(recommender, **asked)
        assert [keys(ranking, orientation) for orientation in Orientation] == [[], []], asked


def test_one_image_is_a_garden(recommender: Recommender) -> None:
    (only,) = plant(1)
    assert keys(rank(recommender)) == [only.key]


def test_it_ranks_as_many_as_wanted(recommender: Recommender) -> None:
    plant(40)
    for count in (0, 1, 3, 24, 30, 60):
        assert len(set(keys(rank(recommender, count=count)))) == min(count, 40), count


def test_it_knows_nobody_and_ranks_for_them(recommender: Recommender) -> None:
    plant(3)
    assert len(keys(rank(recommender, VisitorContext("")))) == 3
    assert len(keys(rank(recommender, VisitorContext("x" * 256, generation="alien", gender="none")))) == 3


def test_scores_stand_beside_keys_and_propensities_are_chances_of_the_first(recommender: Recommender) -> None:
    plant(40)
    found = rank(recommender).images[Orientation.LANDSCAPE]
    assert len(found.scores) == len(found.keys)
    assert len(found.propensities) <= len(found.keys)
    assert all(isinstance(score, float) for score in found.scores)
    assert all(0 < propensity <= 1 for propensity in found.propensities)


def test_the_same_seed_pages_through_one_order(recommender: Recommender) -> None:
    plant(60)
    for seed in range(20):
        whole = keys(rank(recommender, seed=seed, count=60))
        assert [keys(rank(recommender, seed=seed, count=count)) for count in (10, 60)] == [whole[:10], whole]


def test_it_learns_within_the_transaction_of_the_like(recommender: Recommender) -> None:
    a, b = plant(2)
    for number in range(10):
        interact(f"visitor-{number}", a, a, b)
    if isinstance(recommender, PersonalizeRecommender):
        recommender.deliver()  # What leaves the machine leaves it after the commit.
    found = rank(recommender).images[Orientation.LANDSCAPE]
    score = dict(zip(found.keys, found.scores, strict=True))
    assert score[a.key] > score[b.key]


def test_a_withdrawn_image_is_ranked_no_more_and_a_new_one_at_once(recommender: Recommender) -> None:
    a, b = plant(2)
    recommender.warm_up()
    Image.objects.filter(pk=a.pk).withdraw()
    (new,) = plant(1)
    assert set(keys(rank(recommender))) == {b.key, new.key}
