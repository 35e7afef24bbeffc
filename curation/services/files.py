"""Files of pictures whose rows are gone."""

from django.core.files.storage import default_storage
from django.db import transaction

from curation.models import ActItem
from curation.models.act import ActItemQuerySet
from garden.models import Image
from garden.storage.thumbnails import delete_derived

AT_ONCE = 50


def discard_files(items: ActItemQuerySet) -> int:
    """Delete the files of the first of these items, thumbnails too; returns of how many, 0 when none is left.

    An item is held while its file goes: who wants to write under the same key waits, or finds it claimed. A key that
    has a row again keeps its file.
    """
    with transaction.atomic():
        held = list(items.select_for_update(of=["self"]).order_by("id")[:AT_ONCE])
        living = set(Image.objects.filter(key__in=[item.key for item in held]).values_list("key", flat=True))
        for item in held:
            if item.key not in living:
                default_storage.delete(item.key)
                delete_derived(item.key)
        ActItem.objects.filter(pk__in=[item.pk for item in held]).update(file_gone=True)
    return len(held)
