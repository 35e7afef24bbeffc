"""A check for bulk operations that are stuck."""

from collections.abc import Iterator
from datetime import timedelta

from curation.models import BulkOperation
from garden.ops.doctor import Finding, register, warning, well

STUCK = timedelta(minutes=10)


@register("acts")
def check_operations() -> Iterator[Finding]:
    stuck = BulkOperation.objects.silent_for(STUCK).count()
    if stuck:
        words = f"{stuck} bulk operations of curators have not moved for {int(STUCK.total_seconds() // 60)} minutes."
        yield warning("acts", words, "They go on where a worker of queue celery runs; see the admin.")
    else:
        yield well("acts", f"{BulkOperation.objects.open().count()} bulk operations are on their way, none is stuck.")
