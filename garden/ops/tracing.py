"""OpenTelemetry: spans of requests and tasks, with an allow-list of attributes.

Imported only where a collector is named (see `processes.start_tracing`), as its packages are optional.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.util.types import AttributeValue

from garden.ops.logging import redact

ALLOWED_ATTRIBUTES = {
    "celery.action",
    "celery.state",
    "celery.task_name",
    "error.type",
    "exception.message",
    "exception.stacktrace",
    "exception.type",
    "http.method",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "http.scheme",
    "http.status_code",
    "messaging.destination",
    "messaging.destination.name",
    "url.scheme",
}
"""No address, no path, no query, no user agent, no id of a task's arguments."""


def trace_requests() -> None:
    """Call before Django's handler is made: the instrumentation is a middleware."""
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "healthz,metrics")  # Read when it is imported.
    from opentelemetry.instrumentation.django import DjangoInstrumentor

    trace_tasks()
    DjangoInstrumentor().instrument()


def trace_tasks() -> None:
    """Spans of the tasks that this process sends and runs."""
    _start_export()
    instrumentor = CeleryInstrumentor()  # type: ignore[no-untyped-call]
    if not instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.instrument()


@cache
def _start_export() -> None:
    """Once a process; the collector's address comes from OpenTelemetry's own variables."""
    os.environ.setdefault("OTEL_SERVICE_NAME", "emotion-garden")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(RedactingExporter(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)


class RedactingExporter(SpanExporter):
    """Exports spans with the allowed attributes alone, their texts redacted like the log."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_redacted(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _redacted(span: ReadableSpan) -> ReadableSpan:
    events = [Event(event.name, _allowed(event.attributes), event.timestamp) for event in span.events]
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_allowed(span.attributes),
        events=events,
        links=span.links,
        kind=span.kind,
        status=trace.Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    found = {name: value for name, value in (attributes or {}).items() if name in ALLOWED_ATTRIBUTES}
    return {name: redact(value) if isinstance(value, str) else value for name, value in found.items()}
