"""A bucket over real sockets: moto's server, or the endpoint that TEST_S3_ENDPOINT names."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from moto.server import ThreadedMotoServer

from tools.services.processes import end

if TYPE_CHECKING:
    from garden.storage.s3 import PictureS3Storage

REGION = "us-east-1"


@contextmanager
def s3_endpoint() -> Iterator[str]:
    if given := os.environ.get("TEST_S3_ENDPOINT"):
        yield given
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def moto_process() -> Iterator[str]:
    """moto's server for all services in a process of its own: it takes no processor time from who asks."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        log = server.stderr
        assert log is not None
        address = next(line for line in log if "Running on http" in line).rpartition(" ")[2].strip()
        threading.Thread(target=log.read, daemon=True).start()  # Nothing else empties the pipe.
        yield address
    finally:
        end(server)


def new_bucket(endpoint: str) -> str:
    name = f"garden-{uuid.uuid4().hex}"
    client(endpoint).create_bucket(Bucket=name)
    return name


def client(endpoint: str) -> Any:
    return boto3.client("s3", region_name=REGION, endpoint_url=endpoint)


def s3_storage(endpoint: str, **options: Any) -> "PictureS3Storage":
    """A storage over a bucket of its own, with the options of `garden.settings.connections`."""
    from garden.storage.s3 import PictureS3Storage  # After Django's own setup.

    standard = {"region_name": REGION, "endpoint_url": endpoint, "addressing_style": "path", "querystring_auth": False}
    return PictureS3Storage(**{"bucket_name": new_bucket(endpoint), **standard, **options})
