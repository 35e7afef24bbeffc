"""How many statements a like and a garden take; more of them would make every visit slower."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from garden.models import Image
from recommend.evaluation.experiments import recommender_of
from recommend.models import Arm, Ledger, Slate
from tests.recommend.cast import plant, post
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db
TABLE = re.compile(r'"(?:garden|recommend)_')


@pytest.fixture(autouse=True)
def steady(settings: Any) -> None:
    """A recommender that never looks by itself, in the midst of its day; ann is known, and others have liked."""
    settings.RECOMMENDER = {**settings.RECOMMENDER, "OPTIONS": {"poll_seconds": 86_400.0}}
    settings.RECOMMENDER_HOLDOUT = 0.0
    VisitorFactory(id="ann", generation="adult", gender="Female", emotion="calm")
    plant(3)
    Ledger.objects.take(0)
    recommender_of(Arm.CHAMPION).warm_up()


def statements(api: APIClient, path: str, **body: Any) -> int:
    """About rows; what begins and ends a transaction is left out."""
    with CaptureQueriesContext(connection) as captured:
        assert post(api, path, id="ann", **body).status_code == 200
    return sum(TABLE.search(query["sql"]) is not None for query in captured)


def like(api: APIClient, item: int = 0, **more: Any) -> int:
    keys = list(Image.objects.order_by("id").values_list("key", flat=True))
    return statements(api, "/like", itemId=keys[item], impression=keys, **more)


def test_a_like_takes_at_most_seven_and_sent_again_three(api: APIClient) -> None:
    assert like(api, eventId="1") <= 7
    assert like(api, eventId="1") <= 3
    statements(api, "/garden")
    assert like(api, item=1, recommendationId=str(Slate.objects.get().pk)) <= 8


def test_a_garden_takes_at_most_five_and_three_more_to_learn_a_like(api: APIClient) -> None:
    like(api)
    statements(api, "/garden")  # From here on ann is in memory: nothing earlier is read again.
    assert statements(api, "/garden") <= 5
    like(api, item=1)
    assert statements(api, "/garden") <= 8
