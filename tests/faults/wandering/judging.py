"""What no answer may be, whoever asked and however oddly."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.faults.wandering.asking import READS, Request
from tests.faults.wandering.oddities import ELSEWHERE, MARK

_WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_OF_READING = {"django_session", "garden_auditentry", "curation_figures", "otp_totp_totpdevice"}
"""Who is signed in, who was refused, figures kept for the next reader, and a second factor that is only offered."""
_OF_STAFF = ("curation_", "generation_", "auth_", "authtoken_")
_OWN = {"auth_user"}
"""Changed by who signs in, and by who changes their password."""


@dataclass
class Writes:
    """Tables that a request writes to; an `execute_wrapper`."""

    tables: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITE.match(sql)
        if written:
            self.tables.add(written[1])
        return execute(sql, params, many, context)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    wrote: frozenset[str]
    error: str = ""

    @property
    def is_page(self) -> bool:
        return "html" in self.headers.get("Content-Type", "")


class _Markup(HTMLParser):
    """What a browser would make of an echo."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == MARK or any(MARK in name for name, _ in attrs):
            self.found.append(f"<{tag}> {attrs}")
        self.found += [f"{name}={value!r}" for name, value in attrs if _runs(name, value or "")]


def _runs(name: str, value: str) -> bool:
    if name not in ("href", "src", "action", "formaction"):
        return False
    return value.strip().lower().startswith("javascript:") or _leads_elsewhere(value)


def _leads_elsewhere(address: str) -> bool:
    """As browsers read it: a backslash is a slash."""
    try:
        return urlsplit(address.strip().replace("\\", "/")).netloc.endswith(ELSEWHERE)
    except ValueError:
        return False


def faults_of(kind: str, request: Request, answer: Answer, secrets: frozenset[str]) -> list[str]:
    reported = [
        answer.error,
        f"a {answer.status}" if answer.status >= 500 and answer.status not in (503, 504) else "",
        _markup(answer),
        f"leads to {answer.headers['Location']}" if _leads_elsewhere(answer.headers.get("Location", "")) else "",
        _changed(kind, request, answer),
        _told(kind, request, answer, secrets),
    ]
    return [each for each in reported if each]


def _markup(answer: Answer) -> str:
    if not answer.is_page or not any(word in answer.text.lower() for word in (MARK, ELSEWHERE, "javascript:")):
        return ""
    markup = _Markup()
    markup.feed(answer.text)
    return f"unescaped: {markup.found}" if markup.found else ""


def _changed(kind: str, request: Request, answer: Answer) -> str:
    if request.method in READS:
        wrote = answer.wrote - _OF_READING
        return f"{request.method} wrote to {sorted(wrote)}" if wrote else ""
    if kind not in ("anonymous", "viewer"):
        return ""
    wrote = frozenset(table for table in answer.wrote - _OWN if table.startswith(_OF_STAFF))
    return f"{kind} wrote to {sorted(wrote)}" if wrote else ""


def _told(kind: str, request: Request, answer: Answer, secrets: frozenset[str]) -> str:
    if kind != "anonymous":
        return ""
    own = unquote(request.path) + request.body.decode(errors="replace")
    reported = [word for word in secrets if word in answer.text and word not in own]
    return f"a stranger reads {reported}" if reported else ""
