"""What the garden counts and times, for Prometheus. Labels are few and known beforehand; none is about a person."""

from prometheus_client import Counter, Histogram

_QUICK = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SLOW = (0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)

REQUEST_SECONDS = Histogram(
    "garden_request_seconds", "How long requests took.", ["route", "method", "status"], buckets=_QUICK
)
READING_SECONDS = Histogram("garden_reading_seconds", "How long faces took to read, waiting included.", buckets=_QUICK)
READINGS = Counter(
    "garden_readings", "Photos, by what was seen in them (an emotion, or why none) and by whom.", ["seen", "reader"]
)
FAULTS = Counter("garden_face_faults", "Faces that were not seen well enough, by what was amiss.", ["fault"])
TASK_SECONDS = Histogram("garden_task_seconds", "How long background work took.", ["task", "outcome"], buckets=_SLOW)
