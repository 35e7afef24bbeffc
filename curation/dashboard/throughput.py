"""How many decisions each curator makes, and how far curators agree."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.db.models.functions import TruncDay, TruncHour
from django.utils import timezone

from curation.models import Decision
from curation.services.agreement import agreement

DAYS = 14
HOURS = 24


def count_decisions() -> dict[str, Any]:
    """Roll-up: `[curator, time, decisions]` by day and by hour, and `[one, other, pictures, share, kappa]`."""
    now = timezone.localtime()
    names = {user.pk: user.get_username() for user in get_user_model()._default_manager.filter(is_staff=True)}
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "days": _count(TruncDay("created_at"), today - timedelta(days=DAYS - 1), names),
        "hours": _count(TruncHour("created_at"), this_hour - timedelta(hours=HOURS - 1), names),
        "agreement": [
            [names.get(pair.first, ""), names.get(pair.second, ""), pair.pictures, pair.share, pair.kappa]
            for pair in agreement()
        ],
    }


def _count(period: Any, since: Any, names: dict[int, str]) -> list[list[Any]]:
    rows = Decision.objects.filter(created_at__gte=since).order_by().annotate(period=period)
    counted = rows.values_list("curator", "period").annotate(Count("pk")).order_by("period", "curator")
    return [[names.get(curator or 0, ""), period.isoformat(), count] for curator, period, count in counted]
