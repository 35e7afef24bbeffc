"""Layers of painter pictures on walls: made from the picture's record, where the picture is still that one."""

import io
from typing import Any

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from rest_framework.test import APIClient

from garden.models import Image, Zone
from garden.models.wall import Source
from garden.services import register_image
from garden.walls.service import assign
from generation.engines.base import PictureRequest
from generation.engines.painter.engine import PainterEngine
from generation.parallax import make_parallax, parallax_of
from generation.provenance import encode_jpeg

pytestmark = pytest.mark.django_db
KEY = "emotions/happy/img_1h.jpeg"


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(name="zone1")


@pytest.fixture
def image() -> Image:
    """Sunflowers before trees, which the painter made."""
    request = PictureRequest("happy sunflowers", 640, 400, 5)
    (picture,) = PainterEngine().make([request])
    parameters = {"seed": request.seed, "width": request.width, "height": request.height}
    return register_image(
        key=KEY, content=encode_jpeg(picture), origin="painter", prompt=request.prompt, parameters=parameters
    )


def slot_of(api: APIClient) -> Any:
    manifest = api.get("/wall/zone1/manifest").json()
    return manifest["slots"]["1h"], manifest["version"]


def layer(api: APIClient, path: str) -> PIL.Image.Image:
    answer = api.get(path)
    assert answer.status_code == 200
    return PIL.Image.open(io.BytesIO(answer.getvalue()))


def test_a_wall_is_told_what_is_near_and_what_is_behind_it(
    api: APIClient, zone: Zone, image: Image, settings: Any
) -> None:
    settings.WALLS_PARALLAX = True
    assign(zone, {"1h": image}, source=Source.CURATOR)
    assert slot_of(api) == ({**slot_of(api)[0], "layers": []}, 1)
    assert (make_parallax(), make_parallax()) == (1, 0)
    slot, version = slot_of(api)
    assert version == 2
    far, near = (layer(api, path) for path in slot["layers"])
    assert (far.size, near.size, near.mode) == ((640, 400), (640, 400), "RGBA")


def test_both_layers_together_are_the_picture(image: Image) -> None:
    layers = parallax_of(image)
    assert layers is not None
    far, near = layers
    together = far.copy()
    together.paste(near, mask=near.getchannel("A"))
    with default_storage.open(KEY) as file:
        whole = np.asarray(PIL.Image.open(file), np.int16)
    differences = [np.abs(np.asarray(layer, np.int16) - whole) for layer in (together, far)]
    assert [np.percentile(difference, 99) < 40 for difference in differences] == [True, False]


def test_a_picture_that_was_changed_since_has_none_and_is_not_tried_again(zone: Zone, image: Image) -> None:
    assign(zone, {"1h": image}, source=Source.CURATOR)
    Image.objects.update(parameters={**image.parameters, "seed": 6})
    assert make_parallax() == 0
    assert Image.objects.get().parameters["parallax"] is False


def test_walls_move_nothing_unless_the_site_wants_it(api: APIClient, zone: Zone, image: Image) -> None:
    assign(zone, {"1h": image}, source=Source.CURATOR)
    make_parallax()
    assert slot_of(api)[0]["layers"] == []


def test_layers_of_a_picture_that_left_the_garden_are_not_served(api: APIClient, zone: Zone, image: Image) -> None:
    assign(zone, {"1h": image}, source=Source.CURATOR)
    make_parallax()
    assert api.get(f"/layer/near/{KEY}").status_code == 200
    Image.objects.update(state=Image.State.SHELVED)
    assert api.get(f"/layer/near/{KEY}").status_code == 404
    assert api.get("/layer/near/emotions/happy/none.jpeg").status_code == 404
