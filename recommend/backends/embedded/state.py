"""Which model this site learns, and the name of its states."""

from zlib import crc32

from recommend.features import layout
from recommend.learning import snapshot
from recommend.learning.priors import Priors
from recommend.learning.slate_model import SlateModel

PRIORS = Priors()
"""Of a busy day's visitors the weights are at hand (18 KB each); of who comes back later the ledger tells them."""


def make_model() -> SlateModel:
    """A model that has learned nothing."""
    return SlateModel(layout().width, PRIORS)


def state_version() -> str:
    """States of another model, other priors or other descriptions are not read."""
    return f"{snapshot.VERSION}-{layout().version}-{crc32(repr(PRIORS).encode()):08x}"
