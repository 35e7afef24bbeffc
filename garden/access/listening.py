"""What Django and its apps tell of staff, written into the trail."""

import json
from typing import Any

from axes.signals import user_locked_out
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from garden.access.address import network_of
from garden.access.gate import person_signed_in
from garden.access.stay import begin_stay
from garden.access.trail import record
from garden.models.audit import AuditKind
from garden.rates.counter import hit

HOUR = 3600.0
MOST_REFUSALS = 200
"""Lines an hour that one address can write by guessing; further guesses are refused all the same."""
_KINDS = {ADDITION: AuditKind.ADDED, CHANGE: AuditKind.CHANGED, DELETION: AuditKind.DELETED}


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    begin_stay(request)
    record(AuditKind.SIGNED_IN, who=user.get_username())


@receiver(user_logged_out)
def note_sign_out(request: HttpRequest, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    person = user or person_signed_in(request)
    if person.is_authenticated:
        record(AuditKind.SIGNED_OUT, who=person.get_username())


@receiver(user_login_failed)
def note_refusal(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is None or hit(f"refusals-{network_of(request)}", HOUR).count <= MOST_REFUSALS:
        record(AuditKind.SIGN_IN_REFUSED, who=str(credentials.get("username") or ""))


@receiver(user_locked_out)
def note_lockout(username: str | None, **kwargs: Any) -> None:
    record(AuditKind.LOCKED_OUT, who=username or "")


@receiver(post_save, sender=LogEntry)
def note_change(instance: LogEntry, created: bool, **kwargs: Any) -> None:
    if created:
        record_change(instance)


def record_change(entry: LogEntry) -> None:
    """What the admin wrote of one row; also for those that it writes many at once, of which Django tells nobody."""
    kind = _KINDS.get(entry.action_flag, AuditKind.CHANGED)
    what = ".".join(entry.content_type.natural_key()) if entry.content_type else ""
    record(kind, f"{what} {entry.object_id}: {entry.object_repr}", **_changes(entry.change_message))


def _changes(message: object) -> dict[str, Any]:
    """Names of fields, never what stood in them. Packages write sentences, some of them translated late."""
    told = str(message)
    try:
        return {"changes": json.loads(told)} if told else {}
    except ValueError:
        return {"changes": told[:500]}
