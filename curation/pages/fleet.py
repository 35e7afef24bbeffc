"""The operators' page of the fleet; its scripts ask for updates every few seconds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.access_control import page_context
from curation.pages.scripts import script_config
from curation.services.fleet import describe_fleet
from garden.models import Zone
from garden.models.choices import EMOTIONS

MUTE_HOURS = (1, 8, 72)
WORDS: dict[str, Any] = {
    **{f"emotion_{emotion}": label for emotion, label in EMOTIONS},
    "summary": _("{well} of {watched} OK"),
    "summary_none": _("No heartbeat yet"),
    "count_alarm": _("{n} in alarm"),
    "count_trouble": _("{n} warnings"),
    "count_unseen": _("{n} never connected"),
    "count_off": _("{n} switched off"),
    "state_alarm": _("Alarm"),
    "state_trouble": _("Warning"),
    "state_well": _("OK"),
    "state_unseen": _("Never connected"),
    "state_off": _("Switched off"),
    "state_none": _("No screen"),
    "alarm_silent": _("silent"),
    "alarm_problem": _("reports a problem"),
    "alarm_behind": _("shows an outdated picture"),
    "kind_display": _("Display"),
    "kind_kiosk": _("Kiosk"),
    "heard": _("seen {ago}"),
    "never": _("never connected"),
    "opened": _("page opened {ago}"),
    "since": _("since {ago}"),
    "version": _("version {version}"),
    "version_old": _("version {version}: outdated, updates by itself"),
    "behind": _("waiting for its newest picture"),
    "quiet": _("no alarms until {when} ({by})"),
    "on_screen": _("On screen: {what}"),
    "on_screen_nothing": _("Nothing on screen"),
    "slot_title": _("{slot}: {what}, {state}"),
    "empty_slot": _("empty"),
    "dark": _("dark now"),
    "none": _("No device fits this filter."),
    "moment_attract": _("waits for a visitor"),
    "moment_consent": _("asks before the photo"),
    "moment_agree": _("asks what the visitor agrees to"),
    "moment_look": _("takes the photo"),
    "moment_question": _("asks for the mood"),
    "moment_wheel": _("shows the wheel of moods"),
    "moment_garden": _("shows a garden"),
    "moment_gift": _("gives the picture"),
    "moment_goodbye": _("says goodbye"),
    "not_watching": _(
        "No monitoring: the worker or beat does not run, so no alarm is raised. Please start them again."
    ),
    "untold": _("Alarms could not be sent: {why}. Sending is tried again until it succeeds."),
    "trouble_network": _("The server cannot be reached. What you see is from {ago}."),
    "trouble_signed_out": _("You are signed out. What you see is from {ago}."),
    "trouble_server": _("Server error. What you see is from {ago}."),
    "trouble_refused": _("The server refused this."),
}


@never_cache
@require_safe
def show_fleet(request: HttpRequest) -> HttpResponse:
    page = {
        **page_context(request, _("Devices")),
        "zones": Zone.objects.all(),
        "quiet_hours": MUTE_HOURS,
        "config": script_config(
            request,
            now=timezone.now(),
            may={"quiet": request.user.has_perm("garden.change_devicehealth")},
            paths={"fleet": reverse("curation:api-fleet"), "quiet": reverse("curation:quiet-device")},
        ),
        "words": WORDS,
        "first": describe_fleet(request),
    }
    return render(request, "admin/curation/fleet.html", page)
