"""Pictures that an engine finished, on their way into the garden."""

from dataclasses import asdict

from garden.models import Image
from garden.services import save_image, write_image
from generation.encoding import encode_jpeg
from generation.engines.base import Picture


def store_picture(*, picture: Picture, key: str) -> Image:
    """File and row of a finished picture, whichever engine made it. Repeating it changes nothing."""
    return save_image(write_picture(picture=picture, key=key))


def write_picture(*, picture: Picture, key: str) -> Image:
    """The file of a finished picture, and its description without a row yet."""
    asked = {name: value for name, value in asdict(picture.request).items() if value not in (None, "")}
    prompt = asked.pop("prompt", "")
    return write_image(
        key=key,
        content=encode_jpeg(picture),
        origin=picture.engine,
        model=picture.model,
        prompt=prompt,
        parameters=asked,
    )
