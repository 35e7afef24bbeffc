"""What operators see: logs, measures, health and traces. Nothing in them is about a visitor."""

import os
from pathlib import Path

# Counters open their files in it as soon as they are made.
if _folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(_folder).mkdir(parents=True, exist_ok=True)
