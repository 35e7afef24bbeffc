"""Metrics of bulk operations."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from curation.models import BulkOperation
from garden.ops.metrics import gauge, gauge_reader


@gauge_reader("acts")
def read_operations() -> Iterator[Metric]:
    counts: dict[tuple[str, ...], float] = {
        (state,): BulkOperation.objects.filter(state=state).count()
        for state in (BulkOperation.State.QUEUED, BulkOperation.State.RUNNING)
    }
    yield gauge("garden_acts", "Acts of curators that are not done.", ("state",), counts)
