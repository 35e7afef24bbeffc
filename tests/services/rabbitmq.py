"""A RabbitMQ node that lives as long as a test."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tools.services.ports import free_port, wait_for
from tools.services.processes import PATIENCE


@contextmanager
def rabbitmq() -> Iterator[str]:
    """The URL of an empty node of its own name."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rabbitmq-", ignore_cleanup_errors=True) as folder:
        environment = {
            **os.environ,
            "HOME": folder,
            "RABBITMQ_NODENAME": f"test{port}@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_CONFIG_FILE": f"{folder}/none",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
        }
        process = subprocess.Popen(
            [_server()], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            wait_for(port)
            yield f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            os.killpg(process.pid, 9)
            process.wait(timeout=PATIENCE)


def _server() -> str:
    """The server itself: Debian's wrapper on the PATH would switch users and folders."""
    packaged = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    found = packaged if os.path.exists(packaged) else shutil.which("rabbitmq-server")
    assert found, "rabbitmq-server is missing: install RabbitMQ (make services)"
    return found
