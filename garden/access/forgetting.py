"""What is known of staff and their addresses goes when its time is over."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from garden.models import AuditEntry

AT_ONCE = 1_000


def forget_old_entries() -> int:
    """Entries older than AUDIT_RETENTION_DAYS (0: none), and failures that lock nobody out any more."""
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - timedelta(days=1)).delete()
    if not settings.AUDIT_RETENTION_DAYS:
        return 0
    old = AuditEntry.objects.older_than(timezone.now() - timedelta(days=settings.AUDIT_RETENTION_DAYS))
    forgotten = 0
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        forgotten += AuditEntry.objects.filter(pk__in=batch).delete()[0]
    return forgotten
