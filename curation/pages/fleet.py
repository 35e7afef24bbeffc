"""The operators' page of the fleet; its scripts ask for updates every few seconds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.pages.gate import page_context
from curation.services.fleet import describe_fleet
from garden.models import Zone
from garden.models.choices import EMOTIONS

MUTE_HOURS = (1, 8, 72)
WORDS: dict[str, Any] = {
    **{f"emotion_{emotion}": label for emotion, label in EMOTIONS},
    "summary": _("{well} of {watched} well"),
    "summary_none": _("No device was heard yet"),
    "count_alarm": _("{n} in alarm"),
    "count_trouble": _("{n} to watch"),
    "count_unseen": _("{n} not yet seen"),
    "count_off": _("{n} switched off"),
    "state_alarm": _("Alarm"),
    "state_trouble": _("Watch this"),
    "state_well": _("Well"),
    "state_unseen": _("Not yet seen"),
    "state_off": _("Switched off"),
    "state_none": _("No screen"),
    "alarm_silent": _("silent"),
    "alarm_problem": _("tells of a problem"),
    "alarm_behind": _("shows an old picture"),
    "kind_display": _("Display"),
    "kind_kiosk": _("Kiosk"),
    "heard": _("heard {ago}"),
    "never": _("never heard"),
    "opened": _("page opened {ago}"),
    "since": _("since {ago}"),
    "version": _("version {version}"),
    "version_old": _("version {version}: old, it will be renewed"),
    "behind": _("waits for its newest picture"),
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
        "Nobody watches: the worker or its clock does not run, so no alarm is raised. Please start them again."
    ),
    "untold": _("Alarms could not be told: {why}. It is tried again until somebody hears."),
    "trouble_network": _("The garden can't be reached. What you see is from {ago}."),
    "trouble_signed_out": _("You are signed out. What you see is from {ago}."),
    "trouble_server": _("The garden stumbled. What you see is from {ago}."),
    "trouble_refused": _("The garden did not accept this."),
}
"""What the scripts say; `{n}` and its like are filled in there."""


@never_cache
@require_safe
def show_fleet(request: HttpRequest) -> HttpResponse:
    page = {
        **page_context(request, _("Devices")),
        "zones": Zone.objects.all(),
        "quiet_hours": MUTE_HOURS,
        "config": _config(request),
        "words": {key: str(text) for key, text in WORDS.items()},
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
