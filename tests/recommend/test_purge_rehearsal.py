"""Visits that never happened are unmade with all that they said."""

import pytest
from rest_framework.test import APIClient

from garden.models import Visitor
from garden.signals import visits_unmade
from recommend.models import Interaction, Slate
from tests.factories import ImageFactory

pytestmark = pytest.mark.django_db


def test_a_slate_shown_before_its_visitor_was_known_goes_with_them(api: APIClient) -> None:
    image = ImageFactory.create(key="emotions/calm/img_0h.jpeg")
    for visitor in ("rehearsal-1", "somebody real"):
        shown = api.post("/garden", {"id": visitor, "emotion": "calm"}, format="json").json()["recommendationId"]
        said = {"id": visitor, "itemId": image.key, "impression": [image.key], "recommendationId": shown}
        assert api.post("/like", said, format="json").status_code == 200
    visits_unmade.send(Visitor, visitors=Visitor.objects.filter(id__startswith="rehearsal-"))
    assert Interaction.objects.get().visitor_id == "somebody real"
    assert Slate.objects.get() == Interaction.objects.get().slate
