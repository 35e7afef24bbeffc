"""OpenTelemetry, for sites that collect traces; nothing of it is loaded where no collector is named."""

import os
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

UNTRACED = "healthz,metrics"
SERVICE = "emotion-garden"


def trace_requests() -> None:
    """Before Django's handler is made: the instrumentation is a middleware."""
    if _may_trace():
        os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", UNTRACED)  # Read when it is imported.
        from opentelemetry.instrumentation.django import DjangoInstrumentor

        DjangoInstrumentor().instrument()
        _trace_ringing()


def trace_work(**kwargs: Any) -> None:
    """Receiver of Celery's `worker_init` and `worker_process_init`: threads that export do not survive a fork."""
    if _may_trace():
        _trace_ringing()


def _trace_ringing() -> None:
    from opentelemetry.instrumentation.celery import CeleryInstrumentor

    instrumentor = CeleryInstrumentor()  # type: ignore[no-untyped-call]
    if not instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.instrument()


def _may_trace() -> bool:
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return False
    try:
        from garden.seeing.impersonal_spans import send_spans
    except ImportError as error:
        words = f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but {error.name} is missing: install requirements/telemetry.txt."
        raise ImproperlyConfigured(words) from error
    os.environ.setdefault("OTEL_SERVICE_NAME", SERVICE)
    send_spans()
    return True
