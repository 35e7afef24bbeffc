"""The embedded recommender keeps up with the database, reading only what changed."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import RankedImages, RateChange
from recommend.backends.embedded import EmbeddedRecommender
from recommend.models import ImageRate
from tests.factories import ImageFactory
from tests.recommend.cast import ANN, plant, wanted

pytestmark = pytest.mark.django_db
FOREVER = 3_600.0


def landscape(recommender: EmbeddedRecommender, emotion: str = "calm", favorite: str | None = None) -> RankedImages:
    return recommender.rank(ANN, wanted(emotion, favorite)).images[Orientation.LANDSCAPE]


def keys(recommender: EmbeddedRecommender, emotion: str = "calm", favorite: str | None = None) -> set[str]:
    return set(landscape(recommender, emotion, favorite).keys)


def score_of(recommender: EmbeddedRecommender, image: Image) -> float:
    found = landscape(recommender)
    return found.scores[list(found.keys).index(image.key)]


def count(image: Image, shown: int, liked: int) -> ImageRate:
    return ImageRate.objects.create(image=image, group=ANN.group, shown=shown, liked=liked)


def test_a_published_picture_is_ranked_at_once_and_a_withdrawn_one_no_more() -> None:
    recommender = EmbeddedRecommender()
    a, b = plant(2)
    assert keys(recommender) == {a.key, b.key}
    (new,) = plant(1)
    assert keys(recommender) == {a.key, b.key, new.key}
    Image.objects.filter(pk=a.pk).withdraw()
    assert keys(recommender) == {b.key, new.key}
    Image.objects.filter(pk=a.pk).restore()
    assert keys(recommender) == {a.key, b.key, new.key}


def test_a_restored_picture_comes_back_with_what_was_learned_of_it() -> None:
    recommender = EmbeddedRecommender()
    a, _ = plant(2)
    count(a, shown=10, liked=10)
    before = score_of(recommender, a)
    for change in (Image.objects.withdraw, Image.objects.restore):
        change()
        recommender.rank(ANN, wanted())
    assert score_of(recommender, a) == before > 0.2


def test_an_emotion_alone_means_all_its_favorites() -> None:
    recommender = EmbeddedRecommender()
    plain, cat = plant(1)[0], plant(1, "calm/cat")[0]
    plant(1, "happy")
    assert keys(recommender) == {plain.key, cat.key}
    assert keys(recommender, favorite="cat") == {cat.key}
    assert keys(recommender, favorite="dog") == set()


def test_a_ranking_asks_only_for_changes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    recommender = EmbeddedRecommender()
    plant(3)
    recommender.rank(ANN, wanted())
    recommender.rank(ANN, wanted())
    with django_assert_num_queries(2) as asked:
        recommender.rank(ANN, wanted())
    assert all(column in query["sql"] for query, column in zip(asked, ("changed_at", "updated_at"), strict=True))


def test_looking_back_again_at_rows_it_knows_keeps_its_scores() -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    (a,) = plant(1)
    count(a, 3, 1)
    recommender.rank(ANN, wanted())
    recommender.rank(ANN, wanted())
    assert recommender.catalogue.current() is recommender.catalogue.current()


def test_a_count_that_goes_up_and_down_again_is_seen_going_down() -> None:
    recommender = EmbeddedRecommender(poll_seconds=FOREVER)
    (a,) = plant(1)
    rate = count(a, shown=10, liked=5)
    started = score_of(recommender, a)
    for liked, moves in ((6, True), (5, False)):
        ImageRate.objects.filter(pk=rate.pk).update(liked=liked, updated_at=timezone.now())
        assert (score_of(recommender, a) > started) is moves


@pytest.mark.parametrize("seconds", [-20, 0, 600])
def test_rows_stamped_by_another_clock_or_committed_late_are_found(seconds: int) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    (a,) = plant(1)
    before = score_of(recommender, a)
    rate = count(a, shown=10, liked=10)
    late = ImageFactory(key="emotions/calm/img_late_0h.jpeg")
    stamp = timezone.now() + timedelta(seconds=seconds)
    ImageRate.objects.filter(pk=rate.pk).update(updated_at=stamp)
    Image.objects.filter(pk=late.pk).update(changed_at=stamp)
    assert score_of(recommender, a) > before
    assert late.key in keys(recommender)


def test_it_looks_back_no_more_often_than_it_is_told() -> None:
    recommender = EmbeddedRecommender(poll_seconds=FOREVER)
    (a,) = plant(1)
    recommender.rank(ANN, wanted())  # loads
    recommender.rank(ANN, wanted())  # looks back, for the first time
    before = score_of(recommender, a)
    rate = count(a, shown=10, liked=10)
    ImageRate.objects.filter(pk=rate.pk).update(updated_at=timezone.now() - timedelta(seconds=20))
    assert score_of(recommender, a) == before
    recommender.catalogue.expect_changes()
    assert score_of(recommender, a) > before


def test_the_first_ranking_reads_the_counts_of_serving_images() -> None:
    a, b = plant(2)
    count(a, shown=20, liked=20)
    ImageRate.objects.update(updated_at=timezone.now() - timedelta(days=9))
    recommender = EmbeddedRecommender()
    assert score_of(recommender, a) > score_of(recommender, b)


def test_changes_are_added_to_counts_with_few_queries() -> None:
    from django.db import connection

    images = plant(3)
    changes = [RateChange(image.pk, ANN.group, shown=1, liked=0) for image in images]
    ImageRate.objects.all().apply(changes)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ImageRate.objects.all().apply(changes)
    assert len(asked) == 4
    assert list(ImageRate.objects.values_list("shown", "liked")) == [(2, 0)] * 3


def test_favorites_made_later_join_those_known() -> None:
    recommender = EmbeddedRecommender()
    plant(1, "calm/cat")
    assert len(keys(recommender)) == 1
    late = plant(1, "calm/axolotl")[0]
    assert keys(recommender, favorite="axolotl") == {late.key}


def test_a_liked_picture_is_soon_shown_first_most_of_the_time() -> None:
    recommender = EmbeddedRecommender()
    liked, *_ = plant(50)
    count(liked, shown=30, liked=20)
    first = [recommender.rank(ANN, wanted(seed=seed)).images[Orientation.LANDSCAPE].keys[0] for seed in range(200)]
    assert 180 < first.count(liked.key) < 200
