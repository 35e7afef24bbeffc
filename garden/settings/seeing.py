"""What operators see: logs, measures, traces, signs of life."""

import ipaddress
import logging
import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from garden.seeing.logs import configure_structlog, logging_settings
from garden.settings.env import env_bool, env_choice, env_list, env_path, env_secret, env_str
from garden.settings.pictures import DATA_DIR


def _networks(given: list[str]) -> list[str]:
    for address in given:
        try:
            ipaddress.ip_network(address)
        except ValueError as error:
            words = f"METRICS_ALLOWED_ADDRESSES must hold addresses or networks, not {address!r}."
            raise ImproperlyConfigured(words) from error
    return given


def _place(given: str) -> tuple[str, int] | None:
    """`address:port`; None where nothing is said."""
    host, _, port = given.rpartition(":")
    if not given:
        return None
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ImproperlyConfigured(f"WORKER_METRICS_ADDRESS must be as in 127.0.0.1:9101, not {given!r}.")
    return host.strip("[]"), int(port)


# --- Logs: never a body, never a photo, nobody's name ---------------------------------------------
LOG_LEVEL = env_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOG_FORMAT = env_choice("LOG_FORMAT", ("json", "pretty"), "json")
LOGGING: dict[str, Any] = logging_settings(
    level=LOG_LEVEL, form=LOG_FORMAT, requests=env_bool("LOG_REQUESTS", LOG_FORMAT == "json")
)
configure_structlog()
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # Forty a minute; those that fail are always told.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""

# --- Measures -------------------------------------------------------------------------------------
METRICS_TOKEN = env_secret("METRICS_TOKEN", "")
METRICS_ALLOWED_ADDRESSES = _networks(env_list("METRICS_ALLOWED_ADDRESSES"))
WORKER_METRICS_ADDRESS = _place(env_str("WORKER_METRICS_ADDRESS", ""))
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 16 characters: anybody may guess at it.")
PROMETHEUS_MULTIPROC_DIR = env_str("PROMETHEUS_MULTIPROC_DIR", "")  # Made by `garden.seeing`, read by its client.

# --- Signs of life --------------------------------------------------------------------------------
DRAIN_FILE = env_path("DRAIN_FILE", DATA_DIR / "draining")
ALIVE_FILE = env_str("ALIVE_FILE", "")

# --- Traces: OpenTelemetry's own variables, read by it too ----------------------------------------
OTEL_EXPORTER_OTLP_ENDPOINT = env_str("OTEL_EXPORTER_OTLP_ENDPOINT", "")
OTEL_EXPORTER_OTLP_HEADERS = env_secret("OTEL_EXPORTER_OTLP_HEADERS", "")
if OTEL_EXPORTER_OTLP_HEADERS:
    os.environ["OTEL_EXPORTER_OTLP_HEADERS"] = OTEL_EXPORTER_OTLP_HEADERS
