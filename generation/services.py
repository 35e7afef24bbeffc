"""What generation does for commands, views and tasks."""

from dataclasses import asdict

from garden.models import Image
from garden.services import register_image
from generation.encoding import encode_jpeg
from generation.engines.base import Picture


def store_picture(*, picture: Picture, key: str) -> Image:
    """File and row of a finished picture, whichever engine made it. Repeating it changes nothing."""
    parameters = asdict(picture.request)
    prompt = parameters.pop("prompt")
    return register_image(
        key=key,
        content=encode_jpeg(picture),
        origin=picture.engine,
        model=picture.model,
        prompt=prompt,
        parameters=parameters,
    )
