"""The operator's page; its scripts ask for news every few seconds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.fleet.listing import describe_fleet
from curation.fleet.words import words
from curation.pages.gate import page_context
from garden.models import Zone

QUIET_HOURS = (1, 8, 72)


@never_cache
@require_safe
def show_fleet(request: HttpRequest) -> HttpResponse:
    page = {
        **page_context(request, _("Devices")),
        "zones": Zone.objects.all(),
        "quiet_hours": QUIET_HOURS,
        "config": _config(request),
        "words": words(),
        "first": describe_fleet(request),
    }
    return render(request, "admin/curation/fleet.html", page)


def _config(request: HttpRequest) -> dict[str, Any]:
    return {
        "language": get_language(),
        "csrfToken": get_token(request),
        "now": timezone.now(),
        "may": {"quiet": request.user.has_perm("garden.change_devicehealth")},
        "paths": {"fleet": reverse("curation:api-fleet"), "quiet": reverse("curation:quiet-device")},
    }
