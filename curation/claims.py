"""What the history of acts says of files without a row: a publication writes them, a purge deletes them."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from curation.models import ActItem


def keys_of_open_acts(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose file is being copied by a publication or is about to be deleted by a purge."""
    items = ActItem.objects.filter(key__in=keys)
    open_items = items.filter(Q(pk__in=items.purging()) | Q(pk__in=items.publishing()))
    return set(open_items.values_list("key", flat=True))


def purged_keys(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose picture somebody deleted for ever."""
    return set(ActItem.objects.purged().filter(key__in=keys).values_list("key", flat=True))
