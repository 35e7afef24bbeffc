"""Everything that is measured, as one page: what this machine's processes counted, and what the database tells."""

import os

from django.utils.module_loading import autodiscover_modules
from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from garden.seeing import garden_states
from garden.seeing.states import StatesCollector

__all__ = ["CONTENT_TYPE", "counted_registry", "garden_states", "write_measures"]

_states = CollectorRegistry()
_states.register(StatesCollector())


def write_measures() -> bytes:
    """Every app has its own in `measures.py`."""
    autodiscover_modules("measures")
    return generate_latest(counted_registry()) + generate_latest(_states)


def counted_registry() -> CollectorRegistry:
    """Of this process, or of all that share PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
