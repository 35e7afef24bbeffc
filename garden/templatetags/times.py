"""Times in pages: relative, the exact one on hover."""

from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.filter
def ago(moment: datetime | None) -> str:
    """As in `5 min ago` or `in 2 hr`; empty without a time."""
    if moment is None:
        return ""
    language = to_locale(get_language() or "en")
    delta = moment - timezone.now()
    relative = format_timedelta(delta, threshold=1, add_direction=True, format="short", locale=language)
    exact = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, relative)


@register.filter
def duration(seconds: float) -> str:
    """As in `35 seconds` or `2 hours`."""
    language = to_locale(get_language() or "en")
    return format_timedelta(timedelta(seconds=max(1, round(seconds))), threshold=1.5, locale=language)
