"""How many pictures there are of each emotion and orientation, in each state, and how many are wanted."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from curation.models import Target
from curation.models.target import DEFAULT
from garden.models import Image
from garden.vocabulary import Emotion, Orientation


@dataclass(frozen=True, slots=True)
class Stock:
    """One emotion in one orientation; `gap` is what is missing in the garden, `ready` what is liked in the pool."""

    emotion: str
    orientation: str
    wanted: int
    serving: int
    ready: int
    pool: int
    shelved: int
    trash: int

    @property
    def gap(self) -> int:
        return max(self.wanted - self.serving, 0)


def count_stock() -> dict[str, Any]:
    """Roll-up: counts by `state emotion orientation`, and of the liked pictures of the pool."""
    rows = Image.objects.order_by().values_list("state", "emotion", "orientation").annotate(Count("pk"))
    ready = Image.objects.pool().liked().order_by().values_list("emotion", "orientation").annotate(Count("pk"))
    return {
        "counts": {_name(*key): count for *key, count in rows},
        "ready": {_name(*key): count for *key, count in ready},
    }


def read_stock(rolled: dict[str, Any]) -> list[Stock]:
    """All emotions in both orientations, with the targets as they are now."""
    wanted = {(t.emotion, t.orientation): t.pictures for t in Target.objects.all()}
    return [
        Stock(
            emotion=emotion,
            orientation=orientation,
            wanted=wanted.get((emotion, orientation), DEFAULT),
            ready=rolled["ready"].get(_name(emotion, orientation), 0),
            **{
                state: rolled["counts"].get(_name(state, emotion, orientation), 0)
                for state in ("serving", "pool", "shelved", "trash")
            },
        )
        for emotion in map(str, Emotion)
        for orientation in map(str, Orientation)
    ]


def count_without_emotion(rolled: dict[str, Any]) -> int:
    """Pictures of the pool that nobody gave an emotion yet."""
    return sum(rolled["counts"].get(_name("pool", "", orientation), 0) for orientation in map(str, Orientation))


def _name(*parts: str) -> str:
    return " ".join(parts)
