"""The start page: what waits, runs, hangs on the walls and is wrong, and the week's likes; each by permission."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from curation.library.filters import UNDECIDED, ImageFilter
from curation.library.paging import NAMES, count_by_verdict
from curation.models import Fingerprint
from curation.services.fleet import describe_walls
from garden.models import Alarm, Image
from generation.models import GenerationJob
from generation.models.job import JobState
from generation.queue.progress import time_left
from recommend.models import DailyTally

MOST_JOBS = 5
MOST_ALARMS = 5
MOST_GROUPS = 100
DAYS = 7


def read_home(request: HttpRequest) -> dict[str, Any]:
    """The panels that this user may see, by name."""
    return {name: read(request) for name, (permission, read) in PANELS.items() if request.user.has_perm(permission)}


def _waiting(request: HttpRequest) -> list[dict[str, Any]]:
    counts = count_by_verdict(ImageFilter.from_query({"state": Image.State.POOL}))
    waits = {UNDECIDED: _("to review"), "disputed": _("disputed"), "like": _("liked, not published")}
    groups = Fingerprint.objects.open_groups()[: MOST_GROUPS + 1].count()
    return [
        *(
            {
                "label": label,
                "count": counts[NAMES[verdict]],
                "more": NAMES[verdict] in counts["at_least"],
                "url": f"{reverse('curation:review')}?{urlencode({'verdict': verdict})}",
            }
            for verdict, label in waits.items()
        ),
        {
            "label": _("groups of near duplicates"),
            "count": min(groups, MOST_GROUPS),
            "more": groups > MOST_GROUPS,
            "url": reverse("curation:lookalikes"),
        },
    ]


def _running(request: HttpRequest) -> list[dict[str, Any]]:
    states: Any = GenerationJob.objects.by_staff().with_state()
    jobs = states.filter(state__in=[JobState.ACTIVE, JobState.PAUSED])
    newest = list(jobs.order_by("-created_at").values_list("pk", flat=True)[:MOST_JOBS])
    counted: Any = GenerationJob.objects.filter(pk__in=newest).with_counts().order_by("-created_at")
    return [
        {
            "title": job.title,
            "url": job.get_absolute_url(),
            "paused": job.state == JobState.PAUSED,
            "all": job.all_slots,
            "done": job.done_slots,
            "ends_at": timezone.now() + left if (left := time_left(job)) else None,
        }
        for job in counted
    ]


def _alarms(request: HttpRequest) -> list[Alarm]:
    open_alarms = Alarm.objects.filter(cleared_at=None).select_related("kiosk", "display__zone")
    return list(open_alarms.order_by("-raised_at")[:MOST_ALARMS])


def _likes(request: HttpRequest) -> dict[str, Any]:
    """Liked pictures of each day; `height` is in percent of the best day."""
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    tallies = DailyTally.objects.filter(day__gte=days[0])
    likes = {tally.day: sum(liked for _arm, _place, _shown, liked in tally.places) for tally in tallies}
    best = max([1, *likes.values()])
    bars = [{"day": day, "likes": likes.get(day, 0), "height": 100 * likes.get(day, 0) / best} for day in days]
    return {"total": sum(likes.values()), "bars": bars}


PANELS: dict[str, tuple[str, Callable[[HttpRequest], Any]]] = {
    "waiting": ("curation.view_review", _waiting),
    "running": ("generation.view_generationjob", _running),
    "walls": ("garden.view_assignment", describe_walls),
    "alarms": ("garden.view_alarm", _alarms),
    "likes": ("recommend.view_dailytally", _likes),
}
