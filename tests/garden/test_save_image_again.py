"""A picture that is made again stays where curators put it."""

import pytest

from garden.models import Image
from garden.services import register_image
from tests.factories import ImageFactory
from tests.pictures import portrait

pytestmark = pytest.mark.django_db
State = Image.State


@pytest.mark.parametrize("state", [State.POOL, State.PUBLISHED, State.TRASH])
def test_a_pool_picture_keeps_its_state_verdict_and_emotion(state: str) -> None:
    image = ImageFactory.create(key="imgPool/img_1_0h.jpeg", state=state, emotion="calm", verdict="like", rating=4)
    Image.objects.filter(pk=image.pk).update(emotion="calm")
    register_image(key=image.key, content=portrait(), origin="painter", prompt="anew")
    again = Image.objects.get()
    assert (again.state, again.verdict, again.rating, again.emotion) == (state, "like", 4, "calm")
    assert (again.prompt, again.width) == ("anew", 512)


@pytest.mark.parametrize("state", [State.SERVING, State.SHELVED, State.TRASH])
def test_a_picture_of_the_garden_keeps_its_state_and_its_place(state: str) -> None:
    image = ImageFactory.create(key="emotions/calm/img_1_0h.jpeg", state=state)
    register_image(key=image.key, content=portrait(), origin="painter")
    again = Image.objects.get()
    assert (again.state, again.published_at) == (state, image.published_at)
