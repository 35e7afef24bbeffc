"""All that the fleet page shows, at this moment."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from curation.fleet.devices import Fleet, count_states
from curation.fleet.plans import Plans
from curation.fleet.thumbs import Thumbs
from garden.models import AlarmNotice, WatchRound

UNWATCHED = timedelta(minutes=2)


def describe_fleet(request: HttpRequest) -> dict[str, Any]:
    fleet, plans = Fleet(), Plans()
    thumbs = Thumbs(request, fleet.pictures() | plans.pictures())
    devices = fleet.described(thumbs)
    return {
        "counts": count_states(devices),
        "devices": devices,
        "zones": plans.described(thumbs),
        "watching": WatchRound.objects.filter(at__gt=timezone.now() - UNWATCHED).exists(),
        "untold": _untold(),
    }


def _untold() -> str:
    """Why people could not be told of an alarm; empty where they were."""
    failing = AlarmNotice.objects.filter(told_at=None, attempts__gt=0).exclude(error="")
    return failing.order_by("-due_at").values_list("error", flat=True).first() or ""
