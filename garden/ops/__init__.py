"""Observability: health pages, metrics, logs, traces, `manage.py doctor` and the state of background processes."""

from garden.ops.multiprocess import share_counters

share_counters()
