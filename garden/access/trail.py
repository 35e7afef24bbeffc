"""The audit trail: one place writes it, and one middleware sees to it that nothing staff did is missing."""

import getpass
import logging
import socket
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from garden.access.address import address_of
from garden.models import AuditEntry
from garden.models.audit import AuditKind

logger = logging.getLogger("garden.audit")
OF_VISITORS = {"emotion", "souvenir-for-kiosk", "heartbeat", "garden-from-db", "garden", "like", "consent", "forget"}
"""Routes of kiosks: what staff try out there is no act."""
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass
class _Moment:
    """The request that is being answered."""

    request: HttpRequest
    recorded: list[str] = field(default_factory=list)


_moment: ContextVar[_Moment | None] = ContextVar("audit_moment", default=None)


def record(kind: str, about: object = "", *, who: str = "", **detail: Any) -> AuditEntry:
    """Write one line: who and from where are those of the request, or of this machine's user.

    Nothing in `detail` may be a secret, or about a visitor.
    """
    moment = _moment.get()
    name, address = _who_and_where(moment)
    entry = AuditEntry(kind=kind, who=(who or name)[:150], address=address, about=str(about)[:255], detail=detail)
    entry.save()
    if moment is not None:
        moment.recorded.append(kind)
    logger.info("%s by %s from %s: %s", kind, entry.who or "nobody", address, entry.about)
    return entry


class AuditTrail:
    """After the gate. Whatever staff changed that no service told of is told here, by route and outcome."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        moment = _Moment(request)
        token = _moment.set(moment)
        try:
            answer = self._get_response(request)
            _tell_of_the_rest(moment, answer)
        finally:
            _moment.reset(token)
        return answer


def _tell_of_the_rest(moment: _Moment, answer: HttpResponseBase) -> None:
    request = moment.request
    refused = answer.status_code == 403
    route = request.resolver_match.view_name if request.resolver_match else ""
    if moment.recorded or route in OF_VISITORS or not (refused or request.method in _WRITES):
        return
    if not _by_staff(request):
        return
    kind = AuditKind.REFUSED if refused else AuditKind.REQUEST
    try:
        record(kind, request.path, route=route, method=request.method, status=answer.status_code)
    except DatabaseError:  # It is done already: the answer stays what it is, and the log has the line.
        logger.exception("%s %s by %s is not in the trail.", request.method, request.path, request.user)


def _by_staff(request: HttpRequest) -> bool:
    """A device with a key is no user at all."""
    return bool(request.user and request.user.is_authenticated and request.user.is_staff)


def _who_and_where(moment: _Moment | None) -> tuple[str, str]:
    if moment is None:
        return _user_here(), socket.gethostname()[:64]
    user = moment.request.user
    return (user.get_username() if user and user.is_authenticated else ""), address_of(moment.request)


def _user_here() -> str:
    """Of the operating system; a container may have none of that name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
