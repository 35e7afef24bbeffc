"""The gardens and their releases: what each changed, and the way back."""

from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from curation.models import Garden, Release, ReleaseChange
from curation.pages.gate import page_context, staff
from curation.pages.outcome import tell_outcome
from curation.pages.pagination import Part, part_of
from curation.pages.pictures import part_of_pictures
from curation.services import cancel_schedule, roll_back
from garden.models import Image
from garden.models.choices import EMOTIONS

PAGE = 50


@never_cache
@require_safe
def list_releases(request: HttpRequest) -> HttpResponse:
    """All gardens with what they serve, and the history of the chosen one, by default the one that changed last."""
    gardens = _gardens()
    chosen = request.GET.get("garden") or _changed_last() or gardens[0]["emotion"]
    if chosen not in {garden["emotion"] for garden in gardens}:
        raise Http404
    releases = Release.objects.of_garden(chosen).select_related("by")
    page = {
        **page_context(request, _("Releases")),
        "gardens": gardens,
        "garden": next(garden for garden in gardens if garden["emotion"] == chosen),
        "waiting": releases.scheduled().order_by("goes_live_at", "id"),
        "part": part_of(request, releases.exclude(pk__in=releases.scheduled().values("pk")), PAGE),
    }
    return render(request, "admin/curation/releases.html", page)


@never_cache
@require_safe
def show_release(request: HttpRequest, pk: int) -> HttpResponse:
    """What a release added and took out, as pictures."""
    release = get_object_or_404(Release.objects.select_related("by", "garden__live", "act"), pk=pk)
    page = {
        **page_context(request, _title(release)),
        "release": release,
        "added": _pictures(request, release, ReleaseChange.Change.ADD, "added"),
        "removed": _pictures(request, release, ReleaseChange.Change.REMOVE, "removed"),
    }
    return render(request, "admin/curation/release.html", page)


@require_POST
def return_to_release(request: HttpRequest, emotion: str, number: int) -> HttpResponse:
    """Make the garden again what it was at a release; number 0 is the garden before its first one."""
    done = _("The garden is again what it was at release %(number)d.") % {"number": number}
    tell_outcome(request, lambda: roll_back(garden=emotion, number=number, by=staff(request)), done)
    return redirect(f"{reverse('curation:releases')}?garden={emotion}")


@require_POST
def cancel_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a release that has not gone live."""
    release = get_object_or_404(Release, pk=pk)
    tell_outcome(
        request, lambda: cancel_schedule(release=release, by=staff(request)), _("The release will not go live.")
    )
    return redirect(f"{reverse('curation:releases')}?garden={release.garden_id}")


def _changed_last() -> str | None:
    return Release.objects.order_by("-created_at", "-id").values_list("garden_id", flat=True).first()


def _gardens() -> list[dict[str, Any]]:
    served = dict(Image.objects.serving().order_by().values_list("emotion").annotate(Count("id")))
    live = {garden.faces: garden.live for garden in Garden.objects.select_related("live")}
    return [
        {"emotion": emotion, "label": label, "live": live.get(emotion), "served": served.get(emotion, 0)}
        for emotion, label in EMOTIONS
    ]


def _title(release: Release) -> str:
    name = release.garden.get_emotion_display()
    return f"{name} {release.number}" if release.number else f"{name}: {_('not live')}"


def _pictures(request: HttpRequest, release: Release, change: str, name: str) -> Part:
    return part_of_pictures(request, release.changes.filter(change=change), name=name)
