"""Personalize is slow, hangs or fails: no visitor waits for it, and one at a time probes whether it is back."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from garden.vocabulary import Orientation
from recommend.backends.base import Ranking
from recommend.backends.personalize import PersonalizeRecommender
from recommend.models import Slate
from tests.recommend.cast import ANN, plant, post, wanted
from tests.recommend.personalize.conftest import Site
from tests.recommend.personalize.server import Answer, Call, FakePersonalize, failing, slow

pytestmark = pytest.mark.django_db(transaction=True)
VISITORS = 4


@pytest.fixture
def hanging(personalize: FakePersonalize) -> Iterator[threading.Event]:
    """The service takes requests and answers none of them before the test lets go."""
    over = threading.Event()

    def hang(_: Call) -> Answer:
        over.wait(timeout=60)
        return Answer(status=500, error="InternalFailure")

    personalize.trouble = hang
    yield over
    over.set()


def visit_at_once(recommender: PersonalizeRecommender, visitors: int = VISITORS) -> list[Ranking]:
    recommender.warm_up()

    def ask(_: int) -> Ranking:
        try:
            return recommender.rank(ANN, wanted())
        finally:
            connection.close()

    with ThreadPoolExecutor(visitors) as threads:
        return list(threads.map(ask, range(visitors)))


def orders(rankings: list[Ranking]) -> set[str]:
    return {ranking.fallback.name if ranking.fallback else "personalize" for ranking in rankings}


def test_a_service_that_hangs_is_called_once_for_each_visitor(
    site: Site, personalize: FakePersonalize, hanging: threading.Event
) -> None:
    images = plant(3)
    rankings = visit_at_once(site(deadline=0.6, breaker_failures=100))
    assert not hanging.is_set(), "nobody waited for the service"
    assert len(personalize.calls) == VISITORS
    assert orders(rankings) == {"embedded"}
    assert all(len(ranking.images[Orientation.LANDSCAPE].keys) == len(images) for ranking in rankings)


def test_a_slow_service_is_not_called_again_after_a_timeout(site: Site, personalize: FakePersonalize) -> None:
    plant(1)
    personalize.trouble = slow(1.0)
    assert orders([site(deadline=0.2, attempts=3).rank(ANN, wanted())]) == {"embedded"}
    assert len(personalize.calls) == 1


@pytest.mark.parametrize(("status", "error"), [(429, "ThrottlingException")])
def test_a_failing_service_is_called_once_for_a_visitor(
    site: Site, personalize: FakePersonalize, status: int, error: str
) -> None:
    plant(1)
    personalize.trouble = failing(status, error)
    assert orders([site().rank(ANN, wanted())]) == {"embedded"}
    assert len(personalize.calls) == 1


def test_one_visitor_probes_a_service_that_is_still_down_and_the_others_do_not_wait(
    site: Site, personalize: FakePersonalize, hanging: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    plant(1)
    recommender = site(deadline=0.6, breaker_failures=1, breaker_seconds=600)
    recommender.rank(ANN, wanted())
    personalize.calls.clear()
    caplog.clear()
    assert orders(visit_at_once(recommender)) == {"embedded"}
    assert personalize.calls == [], "it is left alone"
    assert caplog.records == [], "a failure is logged once, not with every garden that follows"
    cache.delete(recommender._key("pause"))
    assert orders(visit_at_once(recommender)) == {"embedded"}
    assert len(personalize.calls) == 1


def test_a_probe_that_succeeds_brings_the_service_back(site: Site, personalize: FakePersonalize) -> None:
    plant(1)
    recommender = site(breaker_failures=1, breaker_seconds=600)
    personalize.trouble = failing(500, "InternalFailure", times=1)
    recommender.rank(ANN, wanted())
    cache.delete(recommender._key("pause"))
    assert orders([recommender.rank(ANN, wanted())]) == {"personalize"}
    assert orders(visit_at_once(recommender)) == {"personalize"}


def test_the_slate_names_who_ordered_the_garden(site: Site, personalize: FakePersonalize, api: APIClient) -> None:
    plant(2)
    site()
    personalize.trouble = failing(500, "InternalFailure")
    assert post(api, "/garden", id="ann", emotion="calm").json()["personalized"] is True
    slate = Slate.objects.get()
    assert (slate.recommender, slate.personalized, slate.reference) == ("embedded", True, "")
    assert all(chance is not None for _, chance in slate.landscape)
