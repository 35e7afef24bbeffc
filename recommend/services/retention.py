"""Slates are kept for comparing recommenders, for as long as the site says."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from recommend.models import Slate

_BATCH = 500


def forget_old_slates(*, days: int) -> int:
    """Delete slates older than so many days, a batch a transaction; what was said to them stays. Returns how many."""
    old = Slate.objects.filter(created_at__lt=timezone.now() - timedelta(days=days)).order_by("created_at")
    forgotten = 0
    while batch := list(old.values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            Slate.objects.filter(pk__in=batch).delete()
        forgotten += len(batch)
    return forgotten
