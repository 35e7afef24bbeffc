"""The state of the GPU hosts and their switch: a part of several pages, which htmx asks for."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from curation.access_control import staff
from garden.errors import GardenError
from generation.api.hosts import MAY_LOOK, SWITCH, SWITCHES
from generation.costs import EngineRate, rates, show_amount
from generation.gpu_hosts import LONGEST_IDLE, SHORTEST_IDLE, Outlook, Switch, get_outlook, set_idle_time

SOON, LATE = 2, 20
"""Seconds between two polls, while hosts start or stop and otherwise."""
IDLE_TIMES: list[tuple[int, Promise]] = [
    (300, gettext_lazy("5 minutes")),
    (900, gettext_lazy("15 minutes")),
    (2_400, gettext_lazy("40 minutes")),
    (7_200, gettext_lazy("2 hours")),
    (28_800, gettext_lazy("8 hours")),
    (86_400, gettext_lazy("a day")),
]
STATES: dict[str, Promise] = {
    "off": gettext_lazy("GPU is off"),
    "starting": gettext_lazy("GPU is starting …"),
    "on": gettext_lazy("GPU is on"),
    "stopping": gettext_lazy("GPU is stopping …"),
    "unmanaged": gettext_lazy("GPU hosts are not managed here"),
}


def may_look(request: HttpRequest) -> bool:
    return any(request.user.has_perm(one) for one in MAY_LOOK)


@require_safe
def show_gpu(request: HttpRequest) -> HttpResponse:
    return _render(request)


@require_POST
def switch_gpu(request: HttpRequest, action: str) -> HttpResponse:
    """Start or stop the hosts, or set the idle time."""
    try:
        if action == "idle":
            seconds = int(request.POST.get("seconds", ""))
            if seconds and not SHORTEST_IDLE <= seconds <= LONGEST_IDLE:
                raise ValueError
            set_idle_time(seconds=seconds, by=staff(request))
            return _render(request, saved=True)
        if action not in list(Switch):
            raise Http404
        SWITCHES[Switch(action)](by=request.user)
    except ValueError:
        return HttpResponseBadRequest(_("seconds: choose one of those offered."))
    except GardenError as error:
        return _render(request, message=_("It failed: {why}").format(why=error.detail))
    return _render(request)


def _render(request: HttpRequest, *, message: str = "", saved: bool = False) -> HttpResponse:
    if not may_look(request):
        raise PermissionDenied
    try:
        context = _describe(get_outlook(), saved)
    except GardenError as error:
        context = {"state": "unknown", "status": _("GPU: no answer from its provider"), "message": error.detail}
    if message:
        context["message"] = message
    context["may"] = request.user.has_perm(SWITCH)
    return render(request, "admin/curation/gpu_state.html", {"gpu": context})


def _describe(outlook: Outlook, saved: bool) -> dict[str, Any]:
    minutes = _minutes(outlook.idle_seconds)
    chosen = outlook.idle_chosen
    idle_times: list[tuple[int, Promise | str]] = [*IDLE_TIMES]
    if chosen and chosen not in dict(IDLE_TIMES):
        idle_times.append((chosen, _("{minutes} minutes").format(minutes=_minutes(chosen))))
    return {
        "state": outlook.state.value,
        "every": SOON if outlook.state in ("starting", "stopping") else LATE,
        "status": " · ".join(str(part) for part in (STATES[outlook.state], _going_on(outlook)) if part),
        "work": " · ".join(
            [
                _("Being made: {count}").format(count=outlook.running),
                _("Waiting: {count}").format(count=outlook.waiting),
                _("Workers: {count}").format(count=outlook.workers),
            ]
        ),
        "advice": _advice(outlook),
        "rates": [_rate(rate) for rate in rates(list(settings.GENERATION_ENGINES)) if rate.seconds_each],
        "hosts": [(name, STATES[state]) for name, state in outlook.hosts.items()],
        "start": _(
            "Start the GPU? It costs money while it is on. It stops by itself after {minutes} min without work."
        ).format(minutes=minutes),
        "stop": _stop_question(outlook),
        "chosen": chosen,
        "idle_times": idle_times,
        "own_minutes": settings.GPU_HOST_IDLE_MINUTES,
        "message": _("Saved: it stops after {minutes} min without work.").format(minutes=minutes) if saved else "",
    }


def _rate(rate: EngineRate) -> str:
    """What a worker of the engine makes, and what 1,000 pictures then cost."""
    made = _("{engine}: {count} pictures a minute and worker").format(
        engine=rate.engine,
        count=floatformat(rate.per_minute or 0, "-1g"),
    )
    amount = rate.cost_of(1_000 * (rate.seconds_each or 0.0))
    cost = [] if amount is None else [_("{amount} for 1,000 pictures").format(amount=show_amount(amount))]
    return " · ".join([made, *rate.devices, *cost])


def _going_on(outlook: Outlook) -> str:
    if outlook.state != "on":
        return _("Waiting: {count}").format(count=outlook.waiting) if outlook.waiting else ""
    if outlook.running or (outlook.waiting and outlook.workers):
        return _("at work")
    if outlook.waiting:
        return _("its worker is not online yet")
    return _stops_in(outlook.stops_at) if outlook.stops_at else ""


def _stops_in(stops_at: datetime) -> str:
    left = (stops_at - timezone.now()).total_seconds()
    if left < 60:
        return _("stops by itself within a minute")
    return _("stops by itself in {minutes} min").format(minutes=_minutes(left))


def _advice(outlook: Outlook) -> str:
    """What will become of the pictures that wait while the hosts are off."""
    if outlook.state != "off" or not outlook.waiting:
        return ""
    if outlook.held:
        return _("The GPU was stopped by hand. Start it, or the pictures wait until a new job is queued.")
    return _("They start the GPU within a minute.")


def _stop_question(outlook: Outlook) -> str:
    if not outlook.running + outlook.waiting:
        return _("Stop the GPU?")
    return _(
        "Stop the GPU? Pictures being made: {running}, waiting: {waiting}. They wait until it is on again."
    ).format(running=outlook.running, waiting=outlook.waiting)


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
