"""What differs between two releases of a garden."""

from dataclasses import dataclass

from curation.models import ReleaseChange
from curation.models.release import Change


@dataclass(frozen=True, slots=True)
class Diff:
    """Keys that the second release has and the first has not, and the other way round; purged pictures too."""

    added: list[str]
    removed: list[str]


def diff(*, garden: str, first: int, second: int) -> Diff:
    """From release number `first` to `second` of a garden; 0 is the garden before its first release."""
    if first > second:
        back = diff(garden=garden, first=second, second=first)
        return Diff(back.removed, back.added)
    between = ReleaseChange.objects.filter(
        release__garden=garden, release__number__gt=first, release__number__lte=second
    )
    net: dict[str, tuple[str, str]] = {}
    for key, change in between.order_by("release__number", "id").values_list("key", "change"):
        net[key] = (net[key][0] if key in net else change, change)
    return Diff(
        added=[key for key, change in net.items() if change == (Change.ADD, Change.ADD)],
        removed=[key for key, change in net.items() if change == (Change.REMOVE, Change.REMOVE)],
    )
