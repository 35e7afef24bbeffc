"""The operators' pages of the fleet: every device, updated every few seconds, and each one with its timeline."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import render_page, staff
from curation.pages.history import PAGE, part_of
from curation.services.fleet import UnknownDeviceError, describe_device, describe_fleet, mute_device
from garden.fleet.alerts import send_test
from garden.models import Alarm, Zone

MAY_MUTE = "garden.change_devicehealth"
MUTE_HOURS = (1, 8, 72)


@require_safe
def show_fleet(request: HttpRequest) -> HttpResponse:
    page = {
        **_fleet(request, request.GET),
        "zones": Zone.objects.all(),
        "zone": request.GET.get("zone", ""),
        "problems": "problems" in request.GET,
    }
    part = "admin/curation/fleet_state.html"
    return render_page(request, "admin/curation/fleet.html", _("Devices"), page, part=part)


@require_safe
def show_device(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """How a device is now, and its alarms."""
    device = describe_device(request, f"{kind}-{pk}")
    if device is None:
        raise Http404
    page = {
        "device": device,
        "part": part_of(request, Alarm.objects.filter(**{kind: pk}).order_by("-raised_at", "-pk"), PAGE),
    }
    return render_page(request, "admin/curation/device.html", device["title"], page)


@require_POST
def mute(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """No alarms of a device for some hours; 0: alarms again."""
    hours = request.POST.get("hours", "")
    if hours not in {str(choice) for choice in (0, *MUTE_HOURS)}:
        return HttpResponseBadRequest(_("hours: choose one of those offered."))
    try:
        mute_device(kind=kind, pk=pk, hours=int(hours), by=staff(request))
    except UnknownDeviceError as error:
        raise Http404(error.detail) from error
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("curation:fleet")
    return render(request, "admin/curation/fleet_state.html", _fleet(request, request.POST))


@require_POST
def send_test_alarm(request: HttpRequest) -> HttpResponse:
    """A test by every configured channel; a message each says what came of it."""
    outcomes = send_test(by=staff(request).get_username())
    for channel, error in outcomes.items():
        if error:
            messages.error(request, _("%(channel)s: the test failed: %(why)s") % {"channel": channel, "why": error})
        else:
            messages.success(request, _("%(channel)s: the test was accepted.") % {"channel": channel})
    if not outcomes:
        messages.warning(request, _("No channel is configured: set ALERT_WEBHOOK_URL or ALERT_EMAILS."))
    return redirect("curation:fleet")


def _fleet(request: HttpRequest, chosen: Any) -> dict[str, Any]:
    """What the updated part of the page shows, by the filter `chosen`."""
    return {
        "fleet": describe_fleet(request, zone=chosen.get("zone", ""), problems="problems" in chosen),
        "mute_hours": MUTE_HOURS,
        "may_mute": request.user.has_perm(MAY_MUTE),
    }
