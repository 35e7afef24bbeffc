"""Rates as text."""

from django import template

from recommend.evaluation.estimators import Rate

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


@register.filter
def signed_percent(share: float) -> str:
    return f"{share:+.0%}"


@register.filter
def interval(rate: Rate) -> str:
    return f"{rate.low:.1%} – {rate.high:.1%}" if rate.tries else "–"


@register.simple_tag
def share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
