"""Free ports, and waiting for what listens on them."""

import socket
import time
from collections.abc import Callable

import requests

PATIENCE = 240
"""Seconds: long enough for a busy machine; waits end as soon as their condition holds."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until a process listens on the port."""
    wait_until(lambda: listens(port))


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    """Whether a web server says that all is well there."""
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False


def wait_until(happened: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
