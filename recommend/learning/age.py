"""How new a picture is, as one coarse feature: days since publication, known when it is ranked and when it was seen."""

from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike

from recommend.learning.arrays import Floats, Items

UNKNOWN = -1
_STEPS = (1, 7, 30, 180)
_DAY = 86_400


def newness(days: ArrayLike) -> Floats:
    """1 on the first day, ¾ in the first week, ½ in the first month, ¼ in the first half-year; then, or unknown, 0."""
    whole = np.asarray(days, np.int64)
    steps = np.searchsorted(_STEPS, whole, side="right")
    return np.where(whole < 0, 0.0, 1.0 - steps / len(_STEPS)).astype(np.float32)


def seconds_of(when: datetime | None) -> int:
    return UNKNOWN if when is None else int(when.timestamp())


def days_since(published: ArrayLike, now: datetime) -> Items:
    """Whole days since `published` (seconds); an instant just ahead of this clock counts as the first day."""
    seconds = np.asarray(published, np.int64)
    return np.where(seconds < 0, UNKNOWN, np.maximum(seconds_of(now) - seconds, 0) // _DAY)
