"""Background work of the garden: ids in, nothing out, safe to repeat."""

from celery import shared_task
from django.conf import settings

from garden.models import Visitor


@shared_task
def forget_visitors() -> int:
    """Delete visitors nobody has seen for the retention time, with everything known of them."""
    deleted, _ = Visitor.objects.unseen_for(settings.VISITOR_RETENTION_DAYS).delete()
    return deleted
