"""An identity provider over real sockets: it publishes the keys that it signs with."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.services.local_http import local_server

ISSUER, CLIENT = "https://identity.example/pool", "retouching-client"


class Provider:
    def __init__(self) -> None:
        self.keys = [ECKey.generate_key("P-256", parameters={"kid": "first"})]
        self.asked = 0
        self.status = 200
        self.url = ""
        self.answers = threading.Event()
        """Cleared, it takes requests and says nothing."""
        self.answers.set()

    def rotate(self, kid: str) -> None:
        self.keys = [ECKey.generate_key("P-256", parameters={"kid": kid})]

    def token(self, key: Any = None, algorithm: str = "ES256", **changed: Any) -> str:
        """As Amazon Cognito's access tokens are; a claim changed to None is left out."""
        key = key or self.keys[0]
        claims = {"iss": ISSUER, "client_id": CLIENT, "username": "cleo", "exp": int(time.time()) + 600, **changed}
        reported = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": key.kid}, reported, key, algorithms=[algorithm])


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: Provider = self.server.fake  # type: ignore[attr-defined]
        provider.asked += 1
        provider.answers.wait()
        content = json.dumps(KeySet(provider.keys).as_dict(private=False)).encode()  # type: ignore[arg-type]
        self.send_response(provider.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):  # Who asked may have left.
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Not into the tests' output."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    with local_server(_Handler) as server:
        server.fake = provider = Provider()
        provider.url = f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        try:
            yield provider
        finally:
            provider.answers.set()
