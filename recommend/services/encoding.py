"""What the site's encoder sees in pictures, along the few directions in which they really differ."""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import PIL.Image
from django.core.files.storage import default_storage
from django.db import transaction

from garden.errors import UnavailableError
from garden.models import Image
from recommend.encoders import PictureEncoder, Pixels, get_encoder
from recommend.features import ENCODED, layout
from recommend.learning.arrays import Floats
from recommend.learning.axes import Axes
from recommend.models import Ledger, PictureAxes
from recommend.models.axes import pack_axes

logger = logging.getLogger(__name__)
ENOUGH = 200
"""Pictures from which on axes are found; until then what the encoder sees stays neutral."""
_SAMPLE, _AT_ONCE = 500, 50
_DECODED_SIDE = 512


@dataclass(frozen=True, slots=True)
class Encoding:
    encoder: PictureEncoder
    axes: Axes | None

    def parts(self, contents: Sequence[bytes | None]) -> Floats:
        """One row of ENCODED numbers a file, neutral for what is no picture, and for all while there are no axes."""
        rows = np.zeros((len(contents), ENCODED), np.float32)
        pixels = {row: found for row, content in enumerate(contents) if (found := decoded(content)) is not None}
        if self.axes is not None and pixels:
            rows[list(pixels), : self.axes.width] = self.axes.project(_seen(self.encoder, list(pixels.values())))
        return rows


class EncoderUnavailableError(UnavailableError):
    """The encoder cannot look at pictures now."""

    code = "encoder_unavailable"


def site_encoding() -> Encoding | None:
    """None without an encoder. Finds the axes if they are not known and there are pictures enough."""
    encoder = get_encoder()
    if encoder is None:
        return None
    known = PictureAxes.objects.of_version(layout().version)
    return Encoding(encoder, known.axes() if known else _find_axes(encoder))


def decoded(content: bytes | None) -> Pixels | None:
    """RGB, at least as wide as networks look at; None for what is no picture."""
    if content is None:
        return None
    try:
        with PIL.Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (_DECODED_SIDE, _DECODED_SIDE))
            pixels: Pixels = np.asarray(picture.convert("RGB"))
    except (OSError, PIL.Image.DecompressionBombError, ValueError, SyntaxError):  # Whatever a broken file makes of it.
        return None
    return pixels


def _find_axes(encoder: PictureEncoder) -> Axes | None:
    keys = list(Image.objects.serving().order_by("pk").values_list("key", flat=True))
    if len(keys) < ENOUGH:
        return None
    sample = [keys[place] for place in np.linspace(0, len(keys) - 1, min(len(keys), _SAMPLE)).astype(int)]
    some = (sample[start : start + _AT_ONCE] for start in range(0, len(sample), _AT_ONCE))
    seen = [_seen(encoder, pictures) for keys in some if (pictures := _pictures(keys))]
    count = sum(map(len, seen))
    return _keep(axes_of(np.concatenate(seen)), count) if count >= ENOUGH else None


def _pictures(keys: Sequence[str]) -> list[Pixels]:
    return [found for key in keys if (found := decoded(_read(key))) is not None]


def _seen(encoder: PictureEncoder, pictures: Sequence[Pixels]) -> Floats:
    try:
        return encoder.encode(pictures)
    except Exception as error:
        logger.exception("%s cannot look at pictures now.", encoder.identity)
        raise EncoderUnavailableError(f"{encoder.identity} cannot look at pictures now.") from error


def axes_of(seen: Floats) -> Axes:
    """At most ENCODED directions of what an encoder saw (n × d). Along the widest one pictures differ by 1."""
    axes = Axes.of(seen, kept=0, least=4, most=ENCODED)
    spread = max(float(axes.project(seen).std(0).max()), 1e-6)
    return Axes(0, axes.centre, axes.directions / spread)


@transaction.atomic
def _keep(axes: Axes, pictures: int) -> Axes:
    """Who was quicker is right. The ledger is held: descriptions with later numbers know the axes."""
    Ledger.objects.take(0)
    row = PictureAxes(layout().version, Ledger.objects.current().head, pictures, pack_axes(axes))
    PictureAxes.objects.bulk_create([row], ignore_conflicts=True)
    return PictureAxes.objects.get(pk=row.pk).axes()


def _read(key: str) -> bytes | None:
    try:
        with default_storage.open(key) as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content
