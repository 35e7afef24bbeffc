"""How lines of the log look: JSON for machines, or coloured for people. Both hide what is personal."""

import logging
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from garden.seeing.hiding import hide_personal

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# At DEBUG these write what they send, and a photo may be among it.
_TALKATIVE = ("botocore", "boto3", "s3transfer", "urllib3", "opentelemetry", "PIL")


def logging_settings(*, level: str, form: str, requests: bool) -> dict[str, Any]:
    """Django's LOGGING: every logger of every library through one formatter; `form` is json or pretty."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.processors.format_exc_info,
                    hide_personal,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _write_json if form == "json" else structlog.dev.ConsoleRenderer(),
                ],
            }
        },
        "filters": {"expired": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_expired_task}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A photo without a face is an answer, not a warning.
            "django.request": {"level": "ERROR"},
            "garden.requests": {"level": level if requests else "WARNING"},
            "celery": {"level": "WARNING"},
            "django_structlog.celery.receivers": {"level": level, "filters": ["expired"]},
            **{name: {"level": _at_least_info(level)} for name in _TALKATIVE},
        },
    }


def configure_structlog() -> None:
    """Lines written by structlog go the way of all others."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _is_no_expired_task(record: logging.LogRecord) -> bool:
    """A periodic task that expires behind longer work is no fault: the next one does the same."""
    event = record.msg if isinstance(record.msg, dict) else {}
    return not (event.get("event") == "task_revoked" and event.get("expired"))


def _write_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _at_least_info(level: str) -> str:
    return logging.getLevelName(max(logging.INFO, logging.getLevelNamesMapping()[level]))
