"""Curating: is an act stuck on its way."""

from collections.abc import Iterator
from datetime import timedelta

from curation.models import Act
from garden.ops.doctor import Finding, register, warning, well

STUCK = timedelta(minutes=10)


@register("acts")
def check_acts() -> Iterator[Finding]:
    stuck = Act.objects.silent_for(STUCK).count()
    if stuck:
        words = f"{stuck} acts of curators have not moved for {int(STUCK.total_seconds() // 60)} minutes."
        yield warning("acts", words, "They go on where a worker of queue celery runs; see Acts in the admin.")
    else:
        yield well("acts", f"{Act.objects.open().count()} acts are on their way, none is stuck.")
