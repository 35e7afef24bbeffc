"""What a row of features is made of on this site: with what an encoder sees in pictures, or without."""

from dataclasses import dataclass
from zlib import crc32

from recommend.encoders import get_encoder
from recommend.features.vector import DIMENSION, VERSION

CONSTANT = 1.0
ENCODED = 16
"""Numbers that an encoder's embedding is reduced to."""
_FIRST_ENCODED, _ENCODED_VERSIONS = 1_000, 31_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The constant 1, then a description of `dimension` numbers, then how new the picture is.

    Descriptions of other versions are not read.
    """

    version: int
    dimension: int

    @property
    def described(self) -> slice:
        return slice(1, 1 + self.dimension)

    @property
    def newness(self) -> int:
        return 1 + self.dimension

    @property
    def width(self) -> int:
        return 2 + self.dimension


def layout() -> Layout:
    """As the settings are now. The same in every process of a site: it follows from the encoder's identity."""
    encoder = get_encoder()
    if encoder is None:
        return Layout(VERSION, DIMENSION)
    number = crc32(f"{VERSION}/{encoder.identity}".encode()) % _ENCODED_VERSIONS
    return Layout(_FIRST_ENCODED + number, DIMENSION + ENCODED)
