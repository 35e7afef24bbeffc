"""Which images an interaction shows anew, so that one look at three pictures counts once however often it is told.

A look is a run of interactions of one visitor about the same impression: liking two of three pictures, or
changing one's mind, is still one look. The look ends when the impression changes, when the visitor's group
is read anew, when a picture liked in it is liked again, or after LOOK_SECONDS.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from recommend.models import Interaction, Kind

LOOK_SECONDS = 1_800


def exposures(new: Interaction, shown: Iterable[int], recent: Sequence[Interaction]) -> list[int]:
    """Ids of the images whose `shown` the new interaction raises, ascending.

    `shown` are the images it is about; `recent` are this visitor's interactions of the last LOOK_SECONDS,
    latest first. The look at an image whose like is taken back was counted with that like.
    """
    look = list(takewhile(lambda row: row.impression == new.impression and row.group == new.group, recent))
    counted = set() if _is_liked_again(new, look) else {image for row in look for image in row.exposed}
    if new.takes_back_id is not None and new.image_id is not None:
        counted.add(new.image_id)
    return sorted(set(shown) - counted)


def _is_liked_again(new: Interaction, look: Sequence[Interaction]) -> bool:
    taken_back = {row.takes_back_id for row in look}
    likes = [row for row in look if row.kind == Kind.LIKE and row.image_id == new.image_id]
    return new.kind == Kind.LIKE and any(row.pk not in taken_back for row in likes)
