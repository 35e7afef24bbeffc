"""What bells need before they ring. Celery is loaded by whoever rings: most commands never do."""

from pathlib import Path
from typing import Any

from django.conf import settings


def make_broker_folders() -> None:
    """The broker without a server keeps its messages in folders, which it does not make itself."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


def load_celery(**signal: Any) -> None:
    """Receiver of `server_started`: the first visitor does not wait for it."""
    import garden.tasks  # noqa: F401
