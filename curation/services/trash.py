"""The trash: pictures go into it and come back; after a time they are purged with their files."""

from datetime import timedelta
from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from curation.models import BulkOperation
from curation.models.operation import OperationKind
from curation.services.operations import MOST, begin_operation
from garden.models import Image
from garden.models.image import ImageQuerySet

remove_images = partial(begin_operation, kind=OperationKind.REMOVE)
"""To the trash, wherever they are."""
restore_images = partial(begin_operation, kind=OperationKind.RESTORE)
"""From the trash to where they were."""


def purge_trash(*, older_than: timedelta, by: AbstractBaseUser | None = None, note: str = "") -> BulkOperation | None:
    """Delete permanently what has been in the trash for longer; None where there is none. At most 100,000 at once."""
    old = list(purgeable(older_than).order_by("trashed_at").values_list("pk", flat=True)[:MOST])
    return begin_operation(kind=OperationKind.PURGE, by=by, images=old, note=note) if old else None


def purgeable(older_than: timedelta) -> ImageQuerySet:
    """Images whose file is missing are none: a storage that was away returns with the files."""
    removed = Image.objects.in_trash().exclude(trash_reason=Image.TrashReason.FILE_MISSING)
    return removed.filter(trashed_at__lt=timezone.now() - older_than)
