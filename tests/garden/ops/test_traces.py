"""Traces: sent where a collector is named, of routes and tasks alone; elsewhere nothing of them is loaded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.services.local_http import local_server

VISITOR = "anna-of-room-seven"
ADDRESS = "203.0.113.77"
VISIT = f"""
import django
django.setup()
from garden.wsgi import application
from django.test import Client
from django.core.handlers.wsgi import WSGIHandler
client = Client(raise_request_exception=False)
client.get("/s/{VISITOR}?who={VISITOR}", headers={{"X-Forwarded-For": "{ADDRESS}", "User-Agent": "{VISITOR}"}})
client.get("/healthz/live")
from opentelemetry import trace
trace.get_tracer_provider().shutdown()
"""


class Collector(BaseHTTPRequestHandler):
    """Keeps what it was sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """In silence."""


@pytest.fixture
def collector() -> Iterator[Any]:
    with local_server(Collector) as server:
        server.heard = []
        yield server


def run(code: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {"DJANGO_SETTINGS_MODULE": "garden.settings.local", "DATA_DIR": str(folder)}
    own["DATABASE_URL"] = f"sqlite:///{folder / 'garden.sqlite3'}"
    environment = {**os.environ, **own, **settings}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)


def test_spans_name_routes_and_nobody(collector: Any, tmp_path: Path) -> None:
    endpoint = f"http://127.0.0.1:{collector.server_address[1]}"
    outcome = run(VISIT, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    assert outcome.returncode == 0, outcome.stderr
    (path,) = {path for path, _ in collector.heard}
    assert path == "/v1/traces"
    sent = [ExportTraceServiceRequest.FromString(body) for _, body in collector.heard]
    spans = [span for one in sent for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]
    attributes = {a.key: a.value.string_value or a.value.int_value for span in spans for a in span.attributes}
    assert len(spans) == 1
    assert attributes["http.route"] == "s/<slug:code>"
    assert VISITOR not in str(sent)
    assert ADDRESS not in str(sent)
    assert "127.0.0.1" not in str(sent)


def test_nothing_of_it_is_loaded_where_no_collector_is_named(tmp_path: Path) -> None:
    code = "import sys, garden.wsgi; print([name for name in list(sys.modules) if name.startswith('opentelemetry')])"
    assert run(code, tmp_path).stdout.strip() == "[]"


def test_a_site_without_its_packages_is_told_which_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['opentelemetry'] = None; import garden.wsgi"
    outcome = run(code, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")
    assert outcome.returncode != 0
    assert "install requirements/telemetry.txt" in outcome.stderr
