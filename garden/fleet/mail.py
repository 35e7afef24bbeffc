"""Alarms as one mail to ALERT_EMAILS, however many they are."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from garden.fleet.news import headline_of, text_of
from garden.models import AlarmNotice


def send_mail(notices: list[AlarmNotice]) -> None:
    """Raises smtplib.SMTPException or OSError."""
    subject = _("Emotion Garden: %(news)s") % {"news": headline_of(notices)}
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject, text_of(notices), to=settings.ALERT_EMAILS, headers=headers).send()
