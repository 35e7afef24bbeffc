"""What each kind of broker needs to be told."""

from pathlib import Path
from typing import Any


def broker_options(url: str, folder: Path) -> dict[str, Any]:
    """Celery's transport options for a broker URL; `folder` is for the broker that needs no server."""
    if url.startswith("filesystem://"):
        messages = str(folder / "messages")
        return {
            "data_folder_in": messages,
            "data_folder_out": messages,
            "control_folder": str(folder / "control"),
            "polling_interval": 0.2,
        }
    if url.startswith(("redis://", "rediss://")):
        # A message of a killed worker comes back after this time; work longer than it must not be rung for twice.
        again = {"visibility_timeout": 600, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
        # A server whose network is gone says nothing: ringing for a picture must not wait for it.
        return {**again, "socket_connect_timeout": 3, "socket_timeout": 10, "socket_keepalive": True}
    return {"confirm_publish": True} if url.startswith(("amqp://", "amqps://")) else {}
