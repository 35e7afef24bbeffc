"""Whose turn it is: urgent before bulk, and within a priority the owner who was served least of late."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from generation.models import Slot
from generation.models.slot import SlotQuerySet

WINDOW = timedelta(minutes=10)


def next_in_turn(engines: Sequence[str]) -> SlotQuerySet:
    """The waiting slots of the owner whose turn it is, oldest first."""
    waiting = Slot.objects.claimable().of_engines(engines)
    turns = list(waiting.order_by().values_list("priority", "owner").distinct())
    if not turns:
        return waiting.none()
    served = _served_of_late() if len(turns) > 1 else {}
    priority, owner = min(turns, key=lambda turn: (turn[0], served.get(turn[1], 0), turn[1]))
    return waiting.filter(priority=priority, owner=owner).order_by("id")


def _served_of_late() -> dict[int, int]:
    """How many pictures each owner got in the window or is getting now."""
    since = timezone.now() - WINDOW
    lately = Slot.objects.filter(Q(state=Slot.State.LEASED) | Q(state=Slot.State.DONE, finished_at__gte=since))
    return dict(lately.order_by().values_list("owner").annotate(Count("id")))
