"""What is personal leaves the log before it is written.

Our own lines name no visitor. Messages of others may: a path in an error of Django's, a row in one of the database's.
"""

import hashlib
import re

from structlog.typing import EventDict, WrappedLogger

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_ROW = re.compile(r"^\s*(DETAIL|CONTEXT|Failing row contains):? .*$", re.MULTILINE)
_OURS = {"request_id", "task_id", "parent_task_id", "child_task_id"}
"""Ids of work, not of people."""
_LONGEST = 20_000
"""Characters of one value; what is longer is a body that strayed into a message."""


def hide_personal(logger: WrappedLogger | None, method: str, event: EventDict) -> EventDict:
    """A processor of structlog's: hash ids, drop the database's rows and Django's paths."""
    if event.get("logger") == "django.request":
        event["event"] = str(event["event"]).partition(": /")[0]
    for name, value in event.items():
        if isinstance(value, str) and name not in _OURS:
            event[name] = hide(value)
    return event


def hide(text: str) -> str:
    """Any text without ids and rows: the same id gives the same mark, and no way leads back."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text)} characters)"
    if "-" in text:
        text = _UUID.sub(_mark, text)
    return _ROW.sub(r"\1: (hidden)", text) if "\n" in text else text


def _mark(found: re.Match[str]) -> str:
    return f"id:{hashlib.sha256(found[0].lower().encode()).hexdigest()[:12]}"
