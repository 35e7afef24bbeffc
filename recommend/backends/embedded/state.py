"""Which model this site learns, and the name of its states."""

from zlib import crc32

from recommend import features
from recommend.backends.embedded.shelf import WIDTH
from recommend.learning import snapshot
from recommend.learning.priors import Priors
from recommend.learning.slate_model import SlateModel

PRIORS = Priors(visitors=512)
"""Who was heard of last is remembered: a busy day's visitors. More would make snapshots larger (18 KB each)."""


def make_model() -> SlateModel:
    """A model that has learned nothing."""
    return SlateModel(WIDTH, PRIORS)


def state_version() -> str:
    """States of another model, other priors or other descriptions are not read."""
    return f"{snapshot.VERSION}-{features.VERSION}-{crc32(repr(PRIORS).encode()):08x}"
