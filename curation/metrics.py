"""What curating shows: acts that are on their way."""

from collections.abc import Iterator

from prometheus_client.core import Metric

from curation.models import Act
from garden.ops.metrics import gauge, gauge_reader


@gauge_reader("acts")
def read_acts() -> Iterator[Metric]:
    counts: dict[tuple[str, ...], float] = {
        (state,): Act.objects.filter(state=state).count() for state in (Act.State.QUEUED, Act.State.RUNNING)
    }
    yield gauge("garden_acts", "Acts of curators that are not done.", ("state",), counts)
