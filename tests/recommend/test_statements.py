"""What a like and a garden ask of the database, statement by statement."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from garden.models import Image
from recommend.evaluation.experiments import recommender_of
from recommend.models import Arm, Ledger, Slate
from tests.factories import VisitorFactory
from tests.recommend.cast import plant, post

pytestmark = pytest.mark.django_db
TABLE = re.compile(r'(SELECT|INSERT|UPDATE|DELETE|DECLARE)\b.*?"((?:garden|recommend)_[a-z]+)"(?!\.)', re.DOTALL)
RECORDED = ["UPDATE recommend_ledger", "INSERT recommend_interaction"]
ASKED = ["SELECT garden_visitor", "SELECT recommend_interaction", "SELECT garden_zone", "SELECT garden_image"]


@pytest.fixture(autouse=True)
def steady(settings: Any) -> None:
    """A recommender that never looks by itself, in the midst of its day; ann is known, and others have liked."""
    settings.RECOMMENDER = {**settings.RECOMMENDER, "OPTIONS": {"poll_seconds": 86_400.0}}
    settings.RECOMMENDER_HOLDOUT = 0.0
    VisitorFactory(id="ann", generation="adult", gender="Female", emotion="calm")
    plant(3)
    Ledger.objects.take(0)
    recommender_of(Arm.CHAMPION).warm_up()


def statements(api: APIClient, path: str, **body: Any) -> list[str]:
    """`VERB table` of each; what begins and ends a transaction left out."""
    with CaptureQueriesContext(connection) as captured:
        assert post(api, path, id="ann", **body).status_code == 200
    found = [TABLE.search(query["sql"]) for query in captured]
    return [f"{one[1]} {one[2]}" for one in found if one is not None]


def like(api: APIClient, item: int = 0, **more: Any) -> list[str]:
    keys = list(Image.objects.order_by("id").values_list("key", flat=True))
    return statements(api, "/like", itemId=keys[item], impression=keys, **more)


def test_a_like_takes_six_statements_however_many_pictures_were_shown(api: APIClient) -> None:
    read = ["SELECT garden_image", "UPDATE garden_visitor", "SELECT recommend_interaction"]
    assert like(api) == [*read, "INSERT recommend_imagerate", *RECORDED]


def test_another_like_of_the_same_look_takes_no_more(api: APIClient) -> None:
    like(api)
    read = ["SELECT garden_image", "UPDATE garden_visitor", "SELECT recommend_interaction"]
    assert like(api, item=1) == [*read, "UPDATE recommend_imagerate", *RECORDED]


def test_a_like_that_names_its_slate_takes_one_more(api: APIClient) -> None:
    statements(api, "/garden")
    read = ["SELECT garden_image", "UPDATE garden_visitor", "SELECT recommend_slate", "SELECT recommend_interaction"]
    told = like(api, recommendationId=str(Slate.objects.get().pk))
    assert told == [*read, "INSERT recommend_imagerate", *RECORDED]


def test_a_like_told_again_only_notes_that_the_visitor_is_here(api: APIClient) -> None:
    like(api, eventId="1")
    assert like(api, eventId="1") == ["SELECT garden_image", "UPDATE garden_visitor", "SELECT recommend_interaction"]


def test_a_like_is_one_transaction_with_nothing_to_return_to_within(api: APIClient) -> None:
    with CaptureQueriesContext(connection) as captured:
        like(api)
    assert sum("SAVEPOINT" in query["sql"] for query in captured if "RELEASE" not in query["sql"]) == 1


def test_a_garden_takes_five_statements(api: APIClient) -> None:
    statements(api, "/garden")
    assert statements(api, "/garden") == [*ASKED, "INSERT recommend_slate"]


def test_a_garden_after_a_like_takes_three_more_to_learn_it(api: APIClient) -> None:
    like(api)
    statements(api, "/garden")  # From here on ann is in memory: nothing earlier is read again.
    like(api, item=1)
    learned = ["SELECT recommend_ledger", "SELECT recommend_interaction", "SELECT recommend_description"]
    assert statements(api, "/garden") == [*ASKED, *learned, "INSERT recommend_slate"]
