"""Background work of the garden: ids in, nothing out, safe to repeat."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.files.storage import default_storage

from garden.models import Visitor
from garden.storage.local import AtomicFileSystemStorage

ABANDONED = timedelta(hours=1)


@shared_task
def forget_visitors() -> int:
    """Delete visitors nobody has seen for the retention time. What they liked stays, and belongs to nobody."""
    deleted, _ = Visitor.objects.unseen_for(settings.VISITOR_RETENTION_DAYS).delete()
    return deleted


@shared_task
def discard_abandoned_files() -> int:
    """Remove half-written files of killed processes, where files lie on this machine."""
    if not isinstance(default_storage, AtomicFileSystemStorage):
        return 0
    return default_storage.discard_abandoned(ABANDONED)
