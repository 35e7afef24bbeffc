"""The project's own server on a scratch folder, for `benchmarks.emotion`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.own_server import migrate, scratch_environment, serve

OPEN = {
    "DJANGO_SETTINGS_MODULE": "garden.settings.local",
    "THROTTLE_RATES": "emotion=1000000/min",
    "KIOSK_ACCESS": "open",
}


@contextmanager
def own_server(models: Path) -> Iterator[str]:
    """The URL of a server with its own database and `models`; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="garden-benchmark-") as folder:
        (Path(folder) / "models").mkdir()
        (Path(folder) / "models" / "face").symlink_to(models.resolve())
        environment = scratch_environment(folder, **OPEN)
        migrate(environment)
        with serve(environment) as port:
            yield f"http://127.0.0.1:{port}"
