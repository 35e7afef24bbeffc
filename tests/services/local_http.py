"""A server over real sockets whose handler speaks for a fake service."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def local_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[Any]:
    """Answers on a free port of this machine until it is left; give it a `fake`, and the handler finds it."""
    handler.disable_nagle_algorithm = True  # Else a body that follows its headers waits 40 ms for their receipt.
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
