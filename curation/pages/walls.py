"""The wall editor: what hangs in each zone, and what a curator puts there."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curation.access_control import is_partial, render_page, staff
from curation.api.images import describe_images
from curation.api.walls import published_by
from curation.library.filters import ImageFilter, id_in, ids_in
from curation.library.paging import Page, page_before, rows_of
from curation.models import Release
from curation.services.fleet import describe_wall, describe_walls
from garden.errors import GardenError
from garden.models import Image, ShowTime, Zone
from garden.models.image import ImageQuerySet
from garden.models.wall import SLOTS, Source, ZoneMode, side_letter
from garden.pages.words import MOODS
from garden.souvenirs.links import public_address, qr_of
from garden.vocabulary import Emotion, Orientation
from garden.walls.rotation import set_mode, upcoming
from garden.walls.schedule import ScheduleEntry, scheduled
from garden.walls.service import clear_slots, last_undoable, send, undo_change
from garden.walls.slots import slot_place

SEE, CHANGE = "garden.view_assignment", "garden.change_assignment"
DELETE_SHOW = "garden.delete_showtime"
MOST_BROUGHT = 500
TRAY = 48
"""Pictures of the tray at once."""
NEXT = 4
"""Turns of each orientation that are shown as the next."""


@require_safe
def list_walls(request: HttpRequest) -> HttpResponse:
    """All zones; `?operation=` and `?images=` go along to the wall that is chosen."""
    zones = list(Zone.objects.all()[:2])
    query = request.GET.urlencode()
    if len(zones) == 1:
        return redirect(f"{reverse('curation:wall', args=[zones[0].name])}?{query}")
    page = {"walls": describe_walls(request), "query": query}
    part = "admin/curation/walls_state.html"
    return render_page(request, "admin/curation/walls.html", _("Walls"), page, part=part)


@require_http_methods(["GET", "HEAD", "POST"])
def show_wall(request: HttpRequest, zone: str) -> HttpResponse:
    """The zone as it hangs, beside pictures of the garden to choose from."""
    found = get_object_or_404(Zone, name=zone)
    message = _change(request, found) if request.method == "POST" else ""
    if request.method == "POST" and not is_partial(request):
        messages.info(request, message)
        return redirect(request.get_full_path())
    context = {"zone": found, "message": message, **_state(request, found)}
    if is_partial(request):
        return render(request, "admin/curation/wall_state.html", context)
    page = {
        **context,
        **_tray(request),
        **_schedule(found),
        "screens": _screens(request, found),
    }
    return render_page(request, "admin/curation/wall.html", str(found), page)


@require_POST
def add_show_time(request: HttpRequest, zone: str) -> HttpResponse:
    found = get_object_or_404(Zone, name=zone)
    form = ShowTimeForm(request.POST, instance=ShowTime(zone=found))
    if not form.is_valid():
        return render(request, "admin/curation/wall_schedule.html", _schedule(found, form))
    form.save()
    return render(request, "admin/curation/wall_schedule.html", _schedule(found))


@require_POST
def delete_show_time(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Deleted twice is deleted once."""
    found = get_object_or_404(Zone, name=zone)
    found.show_times.filter(pk=pk).delete()
    return render(request, "admin/curation/wall_schedule.html", _schedule(found))


def _schedule(zone: Zone, form: "ShowTimeForm | None" = None) -> dict[str, Any]:
    """With an empty form, or one that was not valid."""
    form = form or ShowTimeForm(instance=ShowTime(zone=zone))
    return {"zone": zone, "show_times": zone.show_times.select_related("playlist"), "form": form}


class ShowTimeForm(forms.ModelForm[ShowTime]):
    class Meta:
        model = ShowTime
        fields = ("days", "begins", "ends", "playlist")
        widgets = {name: forms.TimeInput({"type": "time"}, format="%H:%M") for name in ("begins", "ends")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        playlist = cast("forms.ModelChoiceField[Any]", self.fields["playlist"])
        playlist.queryset = self.instance.zone.playlists.all()
        playlist.empty_label = _("dark")
        for field in self.fields.values():
            field.help_text = ""


@require_safe
def show_tray(request: HttpRequest, zone: str) -> HttpResponse:
    """More pictures to choose from, older than `?before=`."""
    context = {"zone": get_object_or_404(Zone, name=zone), **_tray(request)}
    return render(request, "admin/curation/wall_tray.html", context)


def _change(request: HttpRequest, zone: Zone) -> str:
    """Show the chosen pictures, from a `slot` on or where there is room; `clear` a slot; `undo` a version; set `mode`.

    What to say.
    """
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    by = staff(request).get_username()
    try:
        if mode := request.POST.get("mode"):
            set_mode(zone, ZoneMode(mode), by=by)
            return ""
        if slot := request.POST.get("clear"):
            clear_slots(zone, [_checked(slot)], by=by)
            return _("Cleared: %(slots)s") % {"slots": slot}
        if version := request.POST.get("undo"):
            slots = undo_change(zone, id_in(version) or 0, by=by)
            return _("Undone: %(slots)s") % {"slots": ", ".join(slots)}
        images = _chosen(request)
        if not images:
            return _("Choose pictures first.")
        first = request.POST.get("slot", "")
        slots = send(zone, images, source=Source.CURATOR, by=by, first=first and _checked(first))
        return _("Now shown: %(slots)s") % {"slots": ", ".join(dict.fromkeys(slots))}
    except (GardenError, ValueError) as error:
        return str(error.detail if isinstance(error, GardenError) else error)


def _checked(slot: str) -> str:
    """Raises ValueError for what is no slot."""
    slot_place(slot)
    return slot


def _chosen(request: HttpRequest) -> list[Image]:
    ids = ids_in(request.POST.getlist("picture"))
    known = Image.objects.serving().in_bulk(ids)
    return [known[pk] for pk in ids if pk in known]


def _state(request: HttpRequest, zone: Zone) -> dict[str, Any]:
    zone.refresh_from_db()
    now = timezone.now()
    entry = scheduled(zone, now)
    coming = [(slot, image.pk) for turns in upcoming(zone, now, NEXT).values() for slot, image in turns]
    images = Image.objects.filter(pk__in=[pk for _slot, pk in coming])
    described = {image["id"]: image for image in describe_images(rows_of(images), request)}
    return {
        "wall": describe_wall(request, zone),
        "modes": ZoneMode,
        "may_change": request.user.has_perm(CHANGE),
        "playing": _playing(entry),
        "upcoming": [(slot, described[pk]) for slot, pk in coming if pk in described],
        "undo": last_undoable(zone),
    }


def _playing(entry: ScheduleEntry) -> str:
    if entry.is_dark:
        return _("Nothing: the walls are dark now.")
    if entry.moods:
        return _("Pictures for the moods of the audience.")
    names = ", ".join(str(playlist) for playlist in entry.playlists)
    return names or _("The newest pictures of the garden.")


def _tray(request: HttpRequest) -> dict[str, Any]:
    """Pictures that visitors may see, newest first: of an emotion, or those that were chosen or published elsewhere."""
    brought = request.GET.get("images", "")
    emotion, operation = request.GET.get("emotion", ""), request.GET.get("operation", "")
    emotion = emotion if emotion in set(Emotion) else ""
    if operation or brought:
        images = published_by(operation) if operation else _copies_of(brought)
        page = Page(rows_of(images.order_by("-id")[:TRAY]))
    else:
        filters = ImageFilter(state=Image.State.SERVING, emotion=emotion)
        page = page_before(filters, id_in(request.GET.get("before", "")), TRAY)
    described = describe_images(page.rows, request)
    if operation or brought:
        _choose_a_wall(described)
    return {
        "tray": described,
        "next": page.next,
        "emotion": emotion,
        "operation": operation,
        "brought": brought,
        "moods": MOODS,
        "newest": Release.objects.newest_published(),
    }


def _copies_of(text: str) -> ImageQuerySet:
    """Of the pictures `1,2,3` what visitors see: of an original its copy."""
    ids = ids_in(text.split(",")[:MOST_BROUGHT])
    return Image.objects.serving().filter(Q(pk__in=ids) | Q(published_from__in=ids))


def _choose_a_wall(pictures: list[dict[str, Any]]) -> None:
    """Mark as many of each orientation as a zone has slots."""
    room = dict.fromkeys(Orientation, len(SLOTS))
    for picture in pictures:
        picture["chosen"] = room[picture["orientation"]] > 0
        room[picture["orientation"]] -= 1


def _screens(request: HttpRequest, zone: Zone) -> list[dict[str, Any]]:
    """The addresses to open on a new screen and on known ones, with QR codes where a phone could follow them."""
    setup = f"{reverse('wall-setup')}?{urlencode({'zone': zone.name})}"
    paths = [
        (str(display), reverse("wall", args=[zone.name, display.number, side_letter(display.orientation)]))
        for display in zone.displays.select_related("zone")
    ]
    screens = []
    for name, path in [(_("New screen"), setup), *paths]:
        address = public_address(request, path)
        code = mark_safe(qr_of(address)) if address else ""  # noqa: S308  # Drawn by segno from our own address.
        screens.append({"name": name, "path": path, "code": code})
    return screens
