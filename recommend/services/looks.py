"""Which images an interaction shows anew, and what it says of its look.

A look is a run of interactions of one visitor about the same impression: liking two of three pictures, or
changing one's mind, is still one look. The look ends when the impression changes, when the visitor's group
is read anew, when a picture liked in it is liked again, or after LOOK_SECONDS.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from recommend.learning.age import days_since, seconds_of
from recommend.models import Interaction, Kind

NO_PLACE = -1
Look = dict[str, Any]
"""`{"look": id, "images": [id, …], "positions": [place or NO_PLACE, …], "days": [days, …], "liked": [id, …]}`"""


def run_of(new: Interaction, recent: Sequence[Interaction]) -> list[Interaction]:
    """The interactions of the look that the new one goes on with, latest first; empty if it begins another.

    `recent` are this visitor's interactions of the last LOOK_SECONDS, latest first.
    """
    run = list(takewhile(lambda row: row.impression == new.impression and row.group == new.group, recent))
    return [] if _is_liked_again(new, run) else run


def exposures(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[int]:
    """Ids of the images whose `shown` the new interaction raises, ascending.

    `shown` are the places of the images it is about. The look at an image whose like is taken back was
    counted with that like.
    """
    counted = {image for row in run for image in row.exposed}
    if new.takes_back_id is not None and new.image_id is not None:
        counted.add(new.image_id)
    return sorted(set(shown) - counted)


def looks_of(new: Interaction, shown: Mapping[int, int], run: Sequence[Interaction]) -> list[Look]:
    """What the new interaction says: its look as it is now, and the earlier look of a like it takes back."""
    images = list(shown)
    look = next((look for row in run for look in row.looks if look["images"] == images), None)
    earlier = None if new.takes_back is None else _look_with(new, new.takes_back)
    if earlier is not None and (look is None or earlier["look"] != look["look"]):
        others = {image: place for image, place in shown.items() if image != new.image_id}
        began = look or _begin(new, others)
        return [told for told in (began, _answered(earlier, new)) if told["images"]]
    told = _answered(look or _begin(new, shown), new)
    return [told] if told["images"] else []


def with_days(look: Look, new: Interaction, published: Mapping[int, datetime | None]) -> Look:
    """How old its pictures are when it begins; told again, it keeps what it said."""
    if look["look"] != new.sequence:
        return look
    seconds = [seconds_of(published[image]) for image in look["images"]]
    return {**look, "days": days_since(seconds, new.created_at).tolist()}


def _begin(new: Interaction, shown: Mapping[int, int]) -> Look:
    return {"look": new.sequence, "images": list(shown), "positions": list(shown.values()), "liked": []}


def _answered(look: Look, new: Interaction) -> Look:
    liked = {image for image in look["liked"] if image != new.image_id or new.kind == Kind.SEEN}
    if new.kind == Kind.LIKE and new.image_id is not None:
        liked.add(new.image_id)
    return {**look, "liked": sorted(liked)}


def _look_with(new: Interaction, like: Interaction) -> Look | None:
    """The look in which the like was said, as it was last told."""
    began = next((look["look"] for look in like.looks if like.image_id in look["liked"]), None)
    told = Interaction.objects.filter(visitor=new.visitor, sequence__gte=like.sequence).latest_first()
    rows = told.values_list("looks", flat=True)
    return next((look for looks in rows for look in looks if look["look"] == began), None)


def _is_liked_again(new: Interaction, run: Sequence[Interaction]) -> bool:
    taken_back = {row.takes_back_id for row in run}
    likes = [row for row in run if row.kind == Kind.LIKE and row.image_id == new.image_id]
    return new.kind == Kind.LIKE and any(row.pk not in taken_back for row in likes)
