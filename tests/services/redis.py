"""A Redis server that lives as long as a test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.ports import free_port, wait_for


@contextmanager
def redis() -> Iterator[str]:
    """The URL of an empty server that keeps nothing on disk."""
    port = free_port()
    server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=20)
