"""The coverage promise: pictures that visitors have not seen often enough lately are shown again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from garden.models import Image
from garden.vocabulary import Orientation
from recommend.backends.embedded import EmbeddedRecommender
from recommend.dashboard import gather
from recommend.models import Coverage
from recommend.services.coverage import count_coverage
from tests.recommend.cast import ANN, describe, interact, plant, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _promise(settings: Any) -> None:
    settings.COVERAGE_MONTHLY = 2


def show(image: Image, times: int, *, liked: bool, days_ago: float = 0) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        for number in range(times):
            interact(f"{image.pk}-{number}-{days_ago}", image if liked else None, image)


def counted() -> Coverage:
    row = count_coverage()
    assert row is not None
    return row


def shares_of(images: list[Image], draws: int = 200) -> list[float]:
    """How often each is among the first three."""
    recommender = EmbeddedRecommender(poll_seconds=0, coverage_seconds=0)
    recommender.save_state()  # It learns the whole ledger here, not in a thread.
    first = [recommender.rank(ANN, wanted(seed=seed)).images[Orientation.LANDSCAPE].keys[:3] for seed in range(draws)]
    return [sum(image.key in keys for keys in first) / draws for image in images]


def test_it_counts_what_was_shown_lately_and_finds_the_least_shown_first() -> None:
    often, once, never, long_ago, withdrawn = plant(5)
    show(often, 3, liked=True)
    show(once, 1, liked=False)
    show(long_ago, 5, liked=True, days_ago=28)
    Image.objects.filter(pk=withdrawn.pk).withdraw()
    row = counted()
    assert row.behind == [never.pk, long_ago.pk, once.pk]
    assert (row.pictures, row.covered, row.missing) == (4, 1, 5)
    assert (row.shown, row.liked, row.behind_shown, row.behind_liked) == (4, 3, 6, 5)


def test_a_picture_nobody_liked_is_shown_again_once_it_was_not_seen_for_long(settings: Any) -> None:
    """Nine liked pictures take all places otherwise."""
    weak, *strong = pictures = plant(10)
    for image in pictures:
        describe(image, "a lake")
    show(weak, 20, liked=False, days_ago=28)
    for image in strong:
        show(image, 4, liked=True)
    counted()
    (promised,) = shares_of([weak])
    settings.COVERAGE_MONTHLY = 0
    (without,) = shares_of([weak])
    assert without < 0.05
    assert promised > 2 * max(without, 0.05)


def test_it_takes_a_quarter_of_the_places_at_most() -> None:
    """Everything else is behind, and would take all places for a day."""
    strong, weak = plant(3), plant(30)
    for image in strong:
        show(image, 30, liked=True)
    for image in weak:
        show(image, 1, liked=False, days_ago=28)
    assert counted().share == 1.0
    taken = sum(shares_of(weak)) / 3
    assert 0.15 < taken < 0.3


def test_the_dashboard_says_what_the_promise_costs() -> None:
    weak, *strong = plant(4)
    show(weak, 10, liked=False, days_ago=28)
    for image in strong:
        show(image, 4, liked=True)
    counted()
    with override("en"):
        promise = gather(30).promise
    assert promise == (
        "3 of 4 published pictures were shown at least 2 times in the last 27 days. "
        "To show the others as often takes 17% of all places and costs about 16.7 points of likes."
    )


def test_without_a_promise_nothing_is_kept_or_read(settings: Any, django_assert_num_queries: Any) -> None:
    plant(3)
    counted()
    settings.COVERAGE_MONTHLY = 0
    recommender = EmbeddedRecommender(coverage_seconds=0)
    with django_assert_num_queries(0):
        assert recommender.coverage.read() is None
    assert count_coverage() is None
    assert not Coverage.objects.exists()
    assert gather(30).promise == ""


def test_its_share_of_the_places_closes_the_gap_within_a_day() -> None:
    assert Coverage(missing=10, shown=2_700).share == 0.1
    assert Coverage(missing=10_000, shown=27).share == 1.0
    assert Coverage(missing=10, shown=0).share == 1.0
    assert Coverage(missing=0, shown=0).share == 0.0
