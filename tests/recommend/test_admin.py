"""What was shown and said can be looked at, quickly, and not changed."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from garden.models import Visitor
from recommend.models import ImageRate, Interaction, OutgoingEvent, Slate
from recommend.services.gardens import GardenRequest, recommend_garden
from tests.factories import KioskFactory
from tests.recommend.cast import plant, say

pytestmark = pytest.mark.django_db
MODELS = [Interaction, Slate, ImageRate]


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("keeper"))
    images = plant(12)
    for number, image in enumerate(images):
        recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"), kiosk=KioskFactory())
        say(f"visitor-{number}", image)
    return client


def page(model: type, name: str, *args: object) -> str:
    return reverse(f"admin:recommend_{model.__name__.lower()}_{name}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_a_list_needs_the_same_few_queries_for_any_number_of_rows(
    keeper: Client, model: type, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        assert keeper.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_a_row_can_be_looked_at_and_not_saved(keeper: Client, model: type) -> None:
    row = model.objects.first()  # type: ignore[attr-defined]
    assert keeper.get(page(model, "change", row.pk)).status_code == 200
    assert keeper.post(page(model, "change", row.pk), {}).status_code == 403
    assert keeper.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert keeper.get(page(model, "add")).status_code == 403


def test_a_visitor_is_forgotten_whatever_is_still_to_be_told_of_them(keeper: Client) -> None:
    ann = Visitor.objects.get(pk="visitor-1")
    OutgoingEvent.objects.create(visitor=ann, payload={})
    assert keeper.post("/admin/garden/visitor/visitor-1/delete/", {"post": "yes"}).status_code == 302
    assert not Visitor.objects.filter(pk=ann.pk).exists()
    assert not OutgoingEvent.objects.exists()
