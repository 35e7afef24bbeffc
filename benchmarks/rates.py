"""What it costs to count a request: `python -m benchmarks.rates`.

Each place where processes count together, beside the throttle of Django REST framework (a list of times in the cache),
one hit after another in one process, on a database made for it.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HITS = 2_000
WARM = 100


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"DATA_DIR": name, "DATABASE_URL": f"sqlite:///{folder / 'garden.sqlite3'}"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        figures = {name: _microseconds(count) for name, count in _places(folder).items()}
    for place, (middle, late) in figures.items():
        print(f"{place:<40} {middle:8.1f} µs   p95 {late:8.1f} µs")
    print(json.dumps(figures))


def _places(folder: Path) -> dict[str, Callable[[], object]]:
    from garden.rates.database import DatabaseCounter
    from garden.rates.file import FileCounter
    from garden.rates.memory import MemoryCounter
    from garden.rates.redis import RedisCounter

    counters = {
        "memory": MemoryCounter(),
        "file": FileCounter(folder / "rates.sqlite3"),
        "database (SQLite)": DatabaseCounter(),
    }
    places: dict[str, Callable[[], object]] = {
        name: lambda counter=counter: counter.hit("kiosk-1", 60.0)  # type: ignore[misc]
        for name, counter in counters.items()
    }
    if url := os.environ.get("REDIS_URL"):
        redis = RedisCounter(url)
        places["Redis"] = lambda: redis.hit("kiosk-1", 60.0)
    places["REST framework, 600 a minute, one process"] = _framework()
    return places


def _framework() -> Callable[[], object]:
    from django.test import RequestFactory
    from rest_framework.throttling import AnonRateThrottle
    from rest_framework.views import APIView

    class SixHundred(AnonRateThrottle):
        rate = "600/min"

    request = APIView().initialize_request(RequestFactory().get("/"))
    request.user = None  # type: ignore[assignment]
    return lambda: SixHundred().allow_request(request, APIView())


def _microseconds(count: Callable[[], object]) -> tuple[float, float]:
    """The middle one of many, and one in twenty."""
    for _ in range(WARM):
        count()
    took = []
    for _ in range(HITS):
        began = time.perf_counter()
        count()
        took.append((time.perf_counter() - began) * 1e6)
    took.sort()
    return round(took[HITS // 2], 1), round(took[HITS * 95 // 100], 1)


if __name__ == "__main__":
    main()
