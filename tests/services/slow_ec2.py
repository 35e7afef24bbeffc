"""Amazon EC2 as moto's server plays it, with the time that real instances need to come up and to go down."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
_STATE = re.compile(rb"<instanceState>\s*<code>\d+</code>\s*<name>[a-z-]+</name>")
_ON_THE_WAY = {"StartInstances": b"pending", "StopInstances": b"stopping"}


class SlowEC2(ThreadingHTTPServer):
    """Whatever was started or stopped is on its way until `arrive` is called."""

    daemon_threads = True

    def __init__(self, moto: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Relay)
        self.moto = moto
        self.on_the_way = b""
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def arrive(self) -> None:
        self.on_the_way = b""

    def make_instance(self) -> Any:
        """A stopped one."""
        made = boto3.resource("ec2", region_name=REGION, endpoint_url=self.url)
        image = "ami-12c6146b"
        (instance,) = made.create_instances(ImageId=image, InstanceType="g5.xlarge", MinCount=1, MaxCount=1)
        instance.stop()
        self.arrive()
        return instance


class _Relay(BaseHTTPRequestHandler):
    server: SlowEC2

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        action = parse_qs(body.decode())["Action"][0]
        self.server.asked.append(action)
        status, answer = self._ask_moto(body)
        self.server.on_the_way = _ON_THE_WAY.get(action, self.server.on_the_way)
        if action == "DescribeInstances" and self.server.on_the_way:
            state = b"<instanceState><code>0</code><name>" + self.server.on_the_way + b"</name>"
            answer = _STATE.sub(state, answer)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words: Any) -> None:
        """Nothing: the tests' own output is enough."""

    def _ask_moto(self, body: bytes) -> tuple[int, bytes]:
        connection = HTTPConnection(*self.server.moto)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
        connection.request("POST", self.path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found


@contextmanager
def slow_ec2() -> Iterator[SlowEC2]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    with SlowEC2(moto.get_host_and_port()) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
    moto.stop()
