"""A visitor who is deleted, by whoever deletes them, is in nothing that was learned, and nothing leads back."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from garden.models import Image, Visitor
from garden.privacy.retention import delete_gently
from garden.signals import visits_unmade
from garden.tasks import sweep_retention
from recommend.backends.base import VisitorContext
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.embedded.snapshots import pack_model
from recommend.bandit.context import Context
from recommend.models import ImageRate, Interaction, Ledger, OutgoingEvent, Slate, Snapshot
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, record_like
from recommend.services.retention import old_slates
from tests.recommend.cast import counts_of, interact, plant, wanted
from tests.support.factories import ImageFactory, VisitorFactory

pytestmark = pytest.mark.django_db

SECRET = "ann-7f3a91"


def by_themselves(client: Client) -> None:
    Visitor.objects.get(id=SECRET).delete()


def by_the_sweeper(client: Client) -> None:
    Visitor.objects.filter(id=SECRET).update(last_seen_at=timezone.now() - timedelta(days=1_000))
    sweep_retention()


def by_a_curator(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("keeper"))
    client.post(reverse("admin:garden_visitor_delete", args=[SECRET]), {"post": "yes"})


def visit(images: list[Image]) -> str:
    """Ann asks, likes and takes back, with her name in everything she may write herself. Returns her pseudonym."""
    visitor = VisitorFactory(id=SECRET)
    OutgoingEvent.objects.create(visitor=visitor, payload={"userId": SECRET})
    garden = recommend_garden(request=GardenRequest(visitor_id=SECRET, emotion="calm"))
    about = [*(image.key for image in images[:3]), f"https://old.example/{SECRET}.jpeg"]
    for number, image in enumerate(images[:2]):
        like = Like(visitor_id=SECRET, item=image.key, impression=about, event_id=f"{SECRET}-{number}")
        record_like(like=like)
    interact(SECRET, images[0], *images[:3], liked=False, recommendation_id=str(garden.recommendation_id))
    interaction = Interaction.objects.first()
    assert interaction is not None
    return str(interaction.pseudonym)


@pytest.mark.parametrize("forget", [by_themselves, by_the_sweeper, by_a_curator])
def test_nothing_that_is_kept_names_a_forgotten_visitor(forget: Callable[[Client], None], client: Client) -> None:
    visit(plant(4))
    forget(client)
    assert not Visitor.objects.exists()
    kept = [row for model in (Interaction, Slate, ImageRate, Ledger, OutgoingEvent) for row in model.objects.all()]
    assert len(kept) > 5
    assert SECRET not in serializers.serialize("json", kept)


def test_deletion_keeps_what_was_learned_for_all_and_drops_the_visitor_in_every_process() -> None:
    images = plant(4)
    processes = [EmbeddedRecommender(poll_seconds=0) for _ in range(2)]
    pseudonym = visit(images)
    for process in processes:
        with process.consumer.at_head() as (model, _):
            assert model.visitors.known.get(pseudonym) is not None
    Visitor.objects.get(id=SECRET).delete()
    for process in [*processes, EmbeddedRecommender()]:
        with process.consumer.at_head() as (model, _):
            assert model.visitors.known.get(pseudonym) is None
            assert model.learned > 0
    assert counts_of(images[1], "adult/Female") == (2, 1)


def test_the_next_snapshot_replaces_all_that_contain_a_deleted_visitor() -> None:
    images = plant(4)
    process = EmbeddedRecommender(poll_seconds=0)
    pseudonym = visit(images)
    process.save_state()
    assert pseudonym.encode() in bytes(Snapshot.objects.get().state)
    Visitor.objects.get(id=SECRET).delete()
    process.save_state()
    assert not any(pseudonym.encode() in bytes(snapshot.state) for snapshot in Snapshot.objects.all())


def test_a_visitor_who_returns_under_the_same_id_after_deletion_is_new() -> None:
    images = plant(4)
    before = visit(images)
    Visitor.objects.get(id=SECRET).delete()
    assert visit(images) == before
    assert str(Interaction.objects.filter(visitor=SECRET).latest("sequence").pseudonym) != before


def test_forgetting_leaves_the_others_as_they_were() -> None:
    images = plant(4)
    visit(images)
    interact("bob", images[2], *images[:3])
    with EmbeddedRecommender().consumer.at_head() as (model, _):
        bob = model.belief(Context("calm"), str(Interaction.objects.get(visitor="bob").pseudonym))
    Visitor.objects.get(id=SECRET).delete()
    with EmbeddedRecommender().consumer.at_head() as (model, _):
        after = model.belief(Context("calm"), str(Interaction.objects.get(visitor="bob").pseudonym))
        assert len(pack_model(model)) > 0
    assert (after.mean == bob.mean).all()
    assert (after.covariance == bob.covariance).all()


def test_a_visitor_without_interactions_leaves_no_row_in_the_ledger() -> None:
    VisitorFactory(id=SECRET)
    Visitor.objects.get(id=SECRET).delete()
    assert not Interaction.objects.exists()
    assert Ledger.objects.current().head == 0


def test_many_visitors_are_forgotten_at_once() -> None:
    images = plant(3)
    for number in range(12):
        interact(f"visitor-{number}", images[0], *images)
    Visitor.objects.update(last_seen_at=timezone.now() - timedelta(days=1_000))
    assert sweep_retention()["visitors"] >= 12
    assert sorted(Interaction.objects.forgotten().values_list("sequence", flat=True)) == list(range(13, 25))
    recommender = EmbeddedRecommender()
    recommender.rank(VisitorContext(""), wanted())
    with recommender.consumer.at_head() as (model, _):
        assert len(model.visitors.known) == 0


def test_old_slates_are_deleted_and_their_interactions_stay() -> None:
    images = plant(3)
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        old = recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"))
        interact("ann", images[0], *images, recommendation_id=str(old.recommendation_id))
    new = recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"))
    assert delete_gently(lambda: old_slates(30)) == 1
    assert Slate.objects.get().pk == new.recommendation_id
    interaction = Interaction.objects.get()
    assert (interaction.slate, interaction.emotion) == (None, "calm")
    assert json.dumps(interaction.impressions)


def test_a_slate_shown_before_its_visitor_was_known_goes_with_them(api: APIClient) -> None:
    image = ImageFactory.create(key="emotions/calm/img_0h.jpeg")
    for visitor in ("rehearsal-1", "somebody real"):
        shown = api.post("/garden", {"id": visitor, "emotion": "calm"}, format="json").json()["recommendationId"]
        interaction = {"id": visitor, "itemId": image.key, "impression": [image.key], "recommendationId": shown}
        assert api.post("/like", interaction, format="json").status_code == 200
    visits_unmade.send(Visitor, visitors=Visitor.objects.filter(id__startswith="rehearsal-"))
    assert Interaction.objects.get().visitor_id == "somebody real"
    assert Slate.objects.get() == Interaction.objects.get().slate
