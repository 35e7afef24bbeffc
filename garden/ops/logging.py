"""The log: JSON for programs or coloured lines for people. Personal data is removed before a line is written.

Our own lines name no visitor. Messages of libraries may: a path in an error of Django, a row in one of the database.
"""

import hashlib
import logging
import re
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# At DEBUG these write what they send, and a photo may be among it.
_CLIENTS = ("botocore", "boto3", "s3transfer", "urllib3", "opentelemetry", "PIL")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_ROW = re.compile(r"^\s*(DETAIL|CONTEXT|Failing row contains):? .*$", re.MULTILINE)
_WORK_IDS = {"request_id", "task_id", "parent_task_id", "child_task_id"}
_MAX_CHARACTERS = 20_000
"""Of one value; what is longer is a body that got into a message."""


def logging_settings(*, level: str, form: str, routine: bool) -> dict[str, Any]:
    """Django's LOGGING: every logger of every library through one formatter; `form` is json or pretty.

    `routine`: each request and each audited action is logged, too.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.processors.format_exc_info,
                    redact_event,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _write_json if form == "json" else structlog.dev.ConsoleRenderer(),
                ],
            }
        },
        "filters": {"expired": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_expired_task}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A photo without a face is a response, not a warning.
            "django.request": {"level": "ERROR"},
            "garden.requests": {"level": level if routine else "WARNING"},
            "garden.audit": {"level": level if routine else "WARNING"},  # Its rows are in the database.
            "axes": {"level": "WARNING"},  # Sign-ins are in the audit log.
            "celery": {"level": "WARNING"},
            "django_structlog.celery.receivers": {"level": level, "filters": ["expired"]},
            **{name: {"level": max(logging.INFO, logging.getLevelNamesMapping()[level])} for name in _CLIENTS},
        },
    }


def configure_structlog() -> None:
    """Send lines written by structlog through the same handlers as all others."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def redact_event(logger: WrappedLogger | None, method: str, event: EventDict) -> EventDict:
    """Structlog processor: hash ids, drop rows quoted by the database and paths in Django's errors."""
    if event.get("logger") == "django.request":
        event["event"] = str(event["event"]).partition(": /")[0]
    for name, value in event.items():
        if isinstance(value, str) and name not in _WORK_IDS:
            event[name] = redact(value)
    return event


def redact(text: str) -> str:
    """The text without ids and rows. The same id gives the same mark, from which it cannot be computed."""
    if len(text) > _MAX_CHARACTERS:
        text = f"{text[:_MAX_CHARACTERS]}… ({len(text)} characters)"
    if "-" in text:
        text = _UUID.sub(_mark, text)
    return _ROW.sub(r"\1: (hidden)", text) if "\n" in text else text


def _mark(found: re.Match[str]) -> str:
    return f"id:{hashlib.sha256(found[0].lower().encode()).hexdigest()[:12]}"


def _is_no_expired_task(record: logging.LogRecord) -> bool:
    """A periodic task that expires behind longer work is no fault: the next one does the same."""
    event = record.msg if isinstance(record.msg, dict) else {}
    return not (event.get("event") == "task_revoked" and event.get("expired"))


def _write_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
