"""Spans as they leave this machine: what is not known to be harmless stays here. Imported where traces are on."""

from collections.abc import Mapping, Sequence
from functools import cache

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.util.types import AttributeValue

from garden.seeing.hiding import hide

KEPT = {
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


class ImpersonalExporter(SpanExporter):
    """Hands on spans with these attributes alone, their texts as the log would write them."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_impersonal(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


@cache
def send_spans() -> None:
    """Once a process; where to comes from OpenTelemetry's own variables."""
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(ImpersonalExporter(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)


def _impersonal(span: ReadableSpan) -> ReadableSpan:
    events = [Event(event.name, _kept(event.attributes), event.timestamp) for event in span.events]
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_kept(span.attributes),
        events=events,
        links=span.links,
        kind=span.kind,
        status=trace.Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _kept(attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    found = {name: value for name, value in (attributes or {}).items() if name in KEPT}
    return {name: hide(value) if isinstance(value, str) else value for name, value in found.items()}
