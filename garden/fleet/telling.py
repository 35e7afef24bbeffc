"""People are told of alarms: a notice is claimed, sent, and marked; until it is marked it is sent again.

Whoever dies between sending and marking has told once more than needed: at least once, never lost.
"""

import logging
import smtplib
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone, translation

from garden.fleet.mail import send_mail
from garden.fleet.webhook import WebhookError, post_webhook
from garden.models import Alarm, AlarmNotice

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
AT_ONCE = 200
_Event, _Channel = AlarmNotice.Event, AlarmNotice.Channel
_FAILURES = (WebhookError, smtplib.SMTPException, OSError)


def configured_channels() -> list[str]:
    channels = {_Channel.WEBHOOK: settings.ALERT_WEBHOOK_URL, _Channel.EMAIL: settings.ALERT_EMAILS}
    return [channel.value for channel, where in channels.items() if where]


def has_news() -> bool:
    return _untold().filter(due_at__lte=timezone.now()).exists()


def tell() -> int:
    """Send what is due, each channel by itself; returns how many notices arrived."""
    channels = configured_channels()
    _untold().exclude(channel__in=channels).delete()
    senders: dict[str, Callable[[list[AlarmNotice]], None]] = {
        _Channel.WEBHOOK: post_webhook,
        _Channel.EMAIL: send_mail,
    }
    return sum(_tell(channel, senders[channel]) for channel in channels)


def _tell(channel: str, send: Callable[[list[AlarmNotice]], None]) -> int:
    notices = _claim(channel)
    if not notices:
        return 0
    try:
        with translation.override(settings.LANGUAGE_CODE):
            send(notices)
    except _FAILURES as error:
        logger.warning("%d alarms could not be told by %s: %s", len(notices), channel, error)
        _put_back(notices, str(error))
        return 0
    _mark(notices)
    return len(notices)


def _claim(channel: str) -> list[AlarmNotice]:
    """Nobody else sends these before the lease ends."""
    now, claim = timezone.now(), uuid.uuid4()
    due = _untold().filter(channel=channel, due_at__lte=now)
    first = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    due.filter(pk__in=first).update(claim=claim, due_at=now + LEASE, attempts=F("attempts") + 1)
    mine = AlarmNotice.objects.filter(claim=claim).select_related("alarm__kiosk__zone", "alarm__display__zone")
    return list(mine.order_by("pk")) if first else []


def _put_back(notices: list[AlarmNotice], error: str) -> None:
    tries = min(max(notice.attempts for notice in notices), 10)
    due = timezone.now() + min(FIRST_WAIT * 2**tries, LONGEST_WAIT)
    AlarmNotice.objects.filter(claim=notices[0].claim).update(due_at=due, error=error[:500])


def _mark(notices: list[AlarmNotice]) -> None:
    now = timezone.now()
    AlarmNotice.objects.filter(claim=notices[0].claim).update(told_at=now, error="")
    for event, field in ((_Event.RAISED, "told_raised_at"), (_Event.CLEARED, "told_cleared_at")):
        waiting = _untold().filter(alarm=OuterRef("pk"), event=event)
        told = Alarm.objects.filter(pk__in=[notice.alarm_id for notice in notices if notice.event == event])
        told.filter(~Exists(waiting)).update(**{field: now})


def _untold() -> QuerySet[AlarmNotice]:
    return AlarmNotice.objects.filter(told_at=None)
