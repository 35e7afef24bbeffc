"""The embedded recommender keeps up with the database, reading only what changed."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.base import RankedImages, VisitorContext
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.embedded.candidates import Described, descriptions_of
from recommend.bandit.policy import SlatePolicy
from recommend.features import layout
from recommend.models import Ledger
from recommend.models.description import pack
from tests.recommend.cast import ANN, describe, interact, plant, wanted
from tests.support.factories import ImageFactory
from tools.services.ports import wait_until

pytestmark = pytest.mark.django_db
FOREVER = 3_600.0


def landscape(
    recommender: EmbeddedRecommender, emotion: str = "calm", favorite: str | None = None, seed: int = 1
) -> RankedImages:
    return recommender.rank(ANN, wanted(emotion, favorite, seed=seed)).images[Orientation.LANDSCAPE]


def keys(recommender: EmbeddedRecommender, emotion: str = "calm", favorite: str | None = None) -> set[str]:
    return set(landscape(recommender, emotion, favorite).keys)


def score_of(recommender: EmbeddedRecommender, image: Image) -> float:
    found = landscape(recommender)
    return found.scores[list(found.keys).index(image.key)]


def like(image: Image, times: int, *shown: Image) -> None:
    for number in range(times):
        interact(f"{image.pk}-{number}", image, *(shown or (image,)))


def test_a_picture_deleted_between_two_requests_is_ranked_no_more() -> None:
    recommender = EmbeddedRecommender()
    a, b = plant(2)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert keys(recommender) == {a.key, b.key}
        a.delete()
        clock.shift(timedelta(minutes=2))
        assert keys(recommender) == {b.key}


def test_a_restored_picture_comes_back_with_what_was_learned_of_it() -> None:
    a, b = plant(2)
    describe(a, "a lake")
    like(a, 5, a, b)
    recommender = EmbeddedRecommender(poll_seconds=0)
    before = score_of(recommender, a)
    for change in (Image.objects.withdraw, Image.objects.restore):
        change()
        recommender.rank(ANN, wanted())
    assert score_of(recommender, a) == before > score_of(recommender, b)


def test_a_ranking_reads_only_changes(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    recommender = EmbeddedRecommender(poll_seconds=FOREVER)
    plant(3)
    recommender.rank(ANN, wanted())  # loads
    recommender.rank(ANN, wanted())  # looks back, for the first time
    with django_assert_max_num_queries(1) as asked:
        recommender.rank(ANN, wanted())
    assert "changed_at" in asked[0]["sql"]


@pytest.mark.parametrize("seconds", [-20, 600])
def test_rows_stamped_by_another_clock_or_committed_late_are_found(seconds: int) -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    plant(1)
    recommender.rank(ANN, wanted())
    late = ImageFactory(key="emotions/calm/img_late_0h.jpeg")
    Image.objects.filter(pk=late.pk).update(changed_at=timezone.now() + timedelta(seconds=seconds))
    wait_until(lambda: late.key in keys(recommender))  # Looking back rests ten times as long as it takes.


def test_own_likes_are_learned_at_once_and_those_of_others_at_the_next_poll() -> None:
    mine, other = EmbeddedRecommender(poll_seconds=FOREVER), EmbeddedRecommender(poll_seconds=0)
    a, b = plant(2)
    before = score_of(mine, a)
    like(a, 3, a, b)
    assert score_of(mine, a) == before
    assert score_of(other, a) > before
    mine.consumer.expect_events()
    assert score_of(mine, a) == score_of(other, a)


def test_a_description_is_taken_up_without_a_restart() -> None:
    recommender = EmbeddedRecommender(poll_seconds=0)
    liked, alike, other = plant(3)
    for image, prompt in ((liked, "a red rose"), (other, "a grey whale")):
        describe(image, prompt)
    like(liked, 10, liked, other)
    with recommender.consumer.at_head():
        pass
    before = score_of(recommender, alike)
    describe(alike, "a red rose")
    wait_until(lambda: score_of(recommender, alike) > before)


def test_a_picture_without_a_description_is_ranked_among_the_others() -> None:
    recommender = EmbeddedRecommender()
    a, b, cold = plant(3)
    for image in (a, b):
        describe(image, "a red rose")
    like(a, 3, a, b)
    assert 0 < score_of(recommender, cold) < score_of(recommender, a)


def test_a_large_garden_is_read_some_at_a_time_and_of_descriptions_the_last_one_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    images = [image for folder in ("calm", "happy", "calm") for image in plant(3, folder)]
    for image in reversed(images):
        describe(image, "a grey whale")
    vectors = {image.pk: np.full(layout().dimension, image.pk, np.float32) for image in images}
    for image, number in zip(reversed(images), Ledger.objects.take(len(images)), strict=True):
        image.descriptions.create(sequence=number, version=layout().version, vector=pack(vectors[image.pk]))
    Image.objects.filter(pk=images[1].pk).withdraw()
    whole = EmbeddedRecommender().pool.candidates("calm", None)[Orientation.LANDSCAPE]
    monkeypatch.setattr("recommend.backends.embedded.candidates._CHUNK", 2)
    parts = EmbeddedRecommender().pool.candidates("calm", None)[Orientation.LANDSCAPE]
    expected = [image for image in images if image.emotion == "calm" and image is not images[1]]
    assert parts[1].tolist() == whole[1].tolist() == [image.key for image in expected]
    assert (parts[0].features == whole[0].features).all()
    assert (parts[0].features[:, layout().described] == [vectors[image.pk] for image in expected]).all()


def test_what_is_published_while_all_is_read_is_ranked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = plant(1)
    late: list[Image] = []

    def publish_meanwhile(ids: list[int]) -> Iterator[Described]:
        if not late:
            late.extend(plant(1))
        return descriptions_of(ids)

    monkeypatch.setattr("recommend.backends.embedded.candidates.descriptions_of", publish_meanwhile)
    assert keys(EmbeddedRecommender()) == {first.key, late[0].key}


def test_a_change_that_could_not_be_read_to_its_end_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    recommender = EmbeddedRecommender()
    plant(1)
    recommender.rank(ANN, wanted())
    (new,) = plant(1)
    monkeypatch.setattr("recommend.backends.embedded.candidates.descriptions_of", _fail)
    with pytest.raises(OperationalError):
        recommender.rank(ANN, wanted())
    monkeypatch.undo()
    assert new.key in keys(recommender)


def _fail(images: list[int]) -> None:
    raise OperationalError


def test_a_picture_that_changes_its_emotion_moves() -> None:
    recommender = EmbeddedRecommender()
    a, _ = plant(2)
    recommender.rank(ANN, wanted())
    a.emotion = "happy"
    a.save()
    assert a.key not in keys(recommender)
    assert keys(recommender, "happy") == {a.key}


def test_what_curators_rated_high_is_expected_to_be_liked_until_visitors_have_answered() -> None:
    recommender = EmbeddedRecommender()
    low, plain, high = plant(3)
    low.rating, high.rating = 1, 5
    Image.objects.bulk_update([low, high], ["rating"])
    unknown = [score_of(recommender, image) for image in (low, plain, high)]
    assert unknown == sorted(unknown)
    assert unknown[2] - unknown[0] > 0.02
    for number in range(20):
        interact(f"visitor-{number}", low, low, plain, high)
    recommender.consumer.expect_events()
    with recommender.consumer.at_head():
        pass
    answered = [score_of(recommender, image) for image in (low, plain, high)]
    assert answered[0] > answered[2]


def test_a_rating_that_changes_is_read() -> None:
    recommender = EmbeddedRecommender()
    one, _ = plant(2)
    before = score_of(recommender, one)
    one.rating = 5
    one.save()
    assert score_of(recommender, one) > before


def test_a_liked_picture_is_soon_shown_first_most_of_the_time() -> None:
    recommender = EmbeddedRecommender()
    liked, *others = plant(50)
    like(liked, 30, liked, *others[:2])
    with recommender.consumer.at_head():
        pass
    answers = [landscape(recommender, seed=seed) for seed in range(60)]
    assert [answer.keys[0] for answer in answers].count(liked.key) > 54
    assert all(answer.propensities[0] < 1.0 for answer in answers)


def test_what_the_visitor_has_seen_comes_last_and_long_ago_before_lately() -> None:
    recommender = EmbeddedRecommender()
    images = plant(8)
    like(images[0], 10, *images[:3])
    seen = [images[0].pk, images[5].pk]
    ann = VisitorContext("ann", seen=seen)
    for seed in range(30):
        found = recommender.rank(ann, wanted(seed=seed)).images[Orientation.LANDSCAPE].keys
        assert list(found[-2:]) == [images[0].key, images[5].key]


@pytest.mark.parametrize(("shown", "share", "fresh"), [(1, 0.2, SlatePolicy.fresh), (8, 0.1, 0.0)])
def test_chance_has_a_ceiling_and_where_every_picture_was_shown_a_floor(shown: int, share: float, fresh: float) -> None:
    recommender = EmbeddedRecommender(exploration_floor=0.1, exploration_ceiling=0.2, temperature=1e-6, slate=1)
    liked, *others = plant(8)
    like(liked, 10, liked, *others[: shown - 1])
    found = [landscape(recommender, seed=seed) for seed in range(60)]
    chances = {one.keys[0] == liked.key: one.propensities[0] for one in found}
    any_picture, newcomer = (1 - fresh) / 8, fresh / 7
    assert chances == pytest.approx({True: 1 - share + share * any_picture, False: share * (any_picture + newcomer)})
