"""The audit log: one function writes it; a middleware and signals record what no service recorded."""

import getpass
import json
import logging
import socket
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from axes.signals import user_locked_out
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from garden.access.access_control import begin_session, person_signed_in
from garden.access.throttling import address_of, count, network_of
from garden.models import AuditEntry
from garden.models.audit import AuditKind

logger = logging.getLogger("garden.audit")
OF_VISITORS = {"emotion", "souvenir-for-kiosk", "heartbeat", "garden-from-db", "garden", "like", "consent", "forget"}
"""Routes of kiosks: requests that staff try there are not recorded."""
MOST_REFUSALS = 200
"""Lines an hour that one address can write by guessing; further guesses are refused all the same."""
_HOUR = 3600.0
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_KINDS = {ADDITION: AuditKind.ADDED, CHANGE: AuditKind.CHANGED, DELETION: AuditKind.DELETED}


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
    logger.info("%s by %s from %s: %s", kind, entry.who or "anonymous", address, entry.about)
    return entry


def record_change(entry: LogEntry) -> None:
    """What the admin wrote of one row; also for rows that it changes together, for which Django sends no signal."""
    kind = _KINDS.get(entry.action_flag, AuditKind.CHANGED)
    what = ".".join(entry.content_type.natural_key()) if entry.content_type else ""
    record(kind, f"{what} {entry.object_id}: {entry.object_repr}", **_changes(entry.change_message))


class AuditLog:
    """After StaffAccess. Changes by staff that no service recorded are recorded here, by route and outcome."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        moment = _Moment(request)
        token = _moment.set(moment)
        try:
            answer = self._get_response(request)
            _record_request(moment, answer)
        finally:
            _moment.reset(token)
        return answer


def _record_request(moment: _Moment, answer: HttpResponseBase) -> None:
    request = moment.request
    refused = answer.status_code == 403
    route = request.resolver_match.view_name if request.resolver_match else ""
    if moment.recorded or route in OF_VISITORS or not (refused or request.method in _WRITES):
        return
    user = request.user  # None for a device with a key.
    if not (user and user.is_authenticated and user.is_staff):
        return
    kind = AuditKind.REFUSED if refused else AuditKind.REQUEST
    try:
        record(kind, request.path, route=route, method=request.method, status=answer.status_code)
    except DatabaseError:  # It is done already: the answer stays what it is, and the log has the line.
        logger.exception("%s %s by %s is not in the audit log.", request.method, request.path, request.user)


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


@receiver(user_logged_in)
def _record_sign_in(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    begin_session(request)
    record(AuditKind.SIGNED_IN, who=user.get_username())


@receiver(user_logged_out)
def _record_sign_out(request: HttpRequest, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    person = user or person_signed_in(request)
    if person.is_authenticated:
        record(AuditKind.SIGNED_OUT, who=person.get_username())


@receiver(user_login_failed)
def _record_refusal(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is None or count(f"refusals-{network_of(request)}", _HOUR) <= MOST_REFUSALS:
        record(AuditKind.SIGN_IN_REFUSED, who=str(credentials.get("username") or ""))


@receiver(user_locked_out)
def _record_lockout(username: str | None, **kwargs: Any) -> None:
    record(AuditKind.LOCKED_OUT, who=username or "")


@receiver(post_save, sender=LogEntry)
def _record_admin_change(instance: LogEntry, created: bool, **kwargs: Any) -> None:
    if created:
        record_change(instance)


def _changes(message: object) -> dict[str, Any]:
    """Names of fields, never their values. Packages write sentences, some of them translated late."""
    written = str(message)
    try:
        return {"changes": json.loads(written)} if written else {}
    except ValueError:
        return {"changes": written[:500]}
