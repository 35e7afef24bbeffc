"""What is told to who guessed too often, and how staff are let in again."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def tell_of_lockout(request: HttpRequest, original: Any = None, credentials: Any = None) -> HttpResponse:
    """The same words whether the account exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(request, "admin/locked_out.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def unlock(username: str) -> int:
    """Forget the failures of an account; how many addresses had tried it."""
    return int(AccessAttempt.objects.filter(username=username).delete()[0])
