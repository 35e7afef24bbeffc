"""Pictures out of kept layers: what a version looks like is computed whenever it is asked, from lossless files."""

from generation.models import Canvas, Version
from generation.retouch.errors import NotFinishedError
from generation.retouch.files import read_file
from generation.retouch.paste import paste
from generation.retouch.pixels import Pixels, decode_png, read_picture

MASK, LINE, REFERENCE, CROP, PATCH, ALPHA = "mask", "line", "reference", "crop", "patch", "alpha"
LAYERS = (MASK, LINE, REFERENCE, CROP, PATCH, ALPHA)


def opened(canvas: Canvas) -> Pixels:
    """The picture as it was opened, RGB of shape (height, width, 3)."""
    return read_picture(read_file(canvas.file))


def compose(version: Version) -> Pixels:
    """The whole picture with this version and those it was made from. Raises NotFinishedError."""
    picture = opened(version.canvas)
    for step in path_to(version):
        picture = paste(picture, step.crop, layer(step, PATCH), layer(step, ALPHA), step.opacity)
    return picture


def compose_or_opened(canvas: Canvas, version: Version | None) -> Pixels:
    return opened(canvas) if version is None else compose(version)


def layer(version: Version, name: str) -> Pixels:
    """One layer of a version, as it was stored. Raises NotFinishedError where there is none."""
    if name not in version.layers:
        raise NotFinishedError(f"Version {version.number} has no {name}.", version=str(version.pk), layer=name)
    return decode_png(read_file(version.key_of(name)))


def path_to(version: Version) -> list[Version]:
    """The versions that a version was made from, the first one first, itself last."""
    known = {one.pk: one for one in Version.objects.filter(canvas=version.canvas_id)}
    path: list[Version] = []
    step: Version | None = version
    while step is not None:
        path.append(step)
        step = known[step.parent_id] if step.parent_id else None
    return path[::-1]
