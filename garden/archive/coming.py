"""Files that no row speaks of: some wait to be taken in, others belong to what happened after the rows were read."""

from collections.abc import Collection

from garden.models import Image
from garden.storage.keys import POOL, SERVING


def of_another_moment(keys: Collection[str]) -> set[str]:
    """Those whose row came meanwhile, and those that somebody is writing before their row or deleting after it."""
    from garden.storage.sync.claims import claimed_of

    pictures = [key for key in keys if key.startswith((f"{POOL}/", f"{SERVING}/"))]
    if not pictures:
        return set()
    return claimed_of(pictures) | set(Image.objects.filter(key__in=pictures).values_list("key", flat=True))
