"""The ledger of walls does not grow for ever."""

from datetime import datetime, timedelta

from django.utils import timezone

from garden.models import WallChange

KEPT = timedelta(days=90)


def forget_changes(now: datetime | None = None) -> int:
    """Delete what was hung long ago, of every source; returns how much."""
    return WallChange.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()[0]
