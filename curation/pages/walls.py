"""The wall editor: what hangs in each zone, and what a curator puts there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from curation.access_control import is_partial, page_context, staff
from curation.api.images import describe_page
from curation.api.walls import published_by
from curation.library.filters import ImageFilter, id_in
from curation.library.paging import Page, Row, page_before, rows_of
from curation.services.fleet import describe_wall, describe_walls
from garden.errors import GardenError
from garden.models import Image, Playlist, Zone
from garden.models.choices import EMOTIONS
from garden.models.wall import Source, side_letter
from garden.souvenirs.links import public_address, qr_of
from garden.vocabulary import Orientation
from garden.walls.schedule import ScheduleEntry, lists_of, scheduled
from garden.walls.service import assign, clear_slots, send, undo_change, undoable_slots
from garden.walls.slots import slot_place

SEE, CHANGE = "garden.view_assignment", "garden.change_assignment"
TRAY = 48
"""Pictures of the tray at once."""
NEXT = 6
"""Pictures of a playlist that are shown as the next."""


@never_cache
@require_safe
def list_walls(request: HttpRequest) -> HttpResponse:
    """All zones; `?operation=` goes along to the wall that is chosen."""
    zones = list(Zone.objects.all()[:2])
    query = request.GET.urlencode()
    if len(zones) == 1:
        return redirect(f"{reverse('curation:wall', args=[zones[0].name])}?{query}")
    page = {**page_context(request, _("Walls")), "walls": describe_walls(request), "query": query}
    return render(request, "admin/curation/walls.html", page)


@never_cache
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
    screens = _screens(request, found)
    page = {**page_context(request, str(found)), **context, **_tray(request), "screens": screens}
    return render(request, "admin/curation/wall.html", page)


@never_cache
@require_safe
def show_tray(request: HttpRequest, zone: str) -> HttpResponse:
    """More pictures to choose from, older than `?before=`."""
    context = {"zone": get_object_or_404(Zone, name=zone), **_tray(request)}
    return render(request, "admin/curation/wall_tray.html", context)


def _change(request: HttpRequest, zone: Zone) -> str:
    """Show the chosen pictures, in a `slot` or where there is room; `clear` a slot; `undo` a version. What to say."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    by = staff(request).get_username()
    try:
        if slot := request.POST.get("clear"):
            clear_slots(zone, [_checked(slot)], by=by)
            return _("Cleared: %(slots)s") % {"slots": slot}
        if version := request.POST.get("undo"):
            slots = undo_change(zone, id_in(version) or 0, by=by)
            return _("Undone: %(slots)s") % {"slots": ", ".join(slots)}
        images = _chosen(request)
        if not images:
            return _("Choose pictures first.")
        if slot := request.POST.get("slot"):
            return _put(zone, _checked(slot), images, by)
        slots = send(zone, images, source=Source.CURATOR, by=by)
        return _("Now shown: %(slots)s") % {"slots": ", ".join(slots)}
    except (GardenError, ValueError) as error:
        return str(error.detail if isinstance(error, GardenError) else error)


def _put(zone: Zone, slot: str, images: list[Image], by: str) -> str:
    orientation, _number = slot_place(slot)
    if len(images) > 1:
        return _("A slot shows one picture: choose one, or show them all on the wall.")
    if images[0].orientation != orientation:
        return _("This picture has the other orientation.")
    assign(zone, {slot: images[0]}, source=Source.CURATOR, by=by)
    return _("Now shown: %(slots)s") % {"slots": slot}


def _checked(slot: str) -> str:
    """Raises ValueError for what is no slot."""
    slot_place(slot)
    return slot


def _chosen(request: HttpRequest) -> list[Image]:
    ids = [found for text in request.POST.getlist("picture") if (found := id_in(text))]
    known = Image.objects.serving().in_bulk(ids)
    return [known[pk] for pk in dict.fromkeys(ids) if pk in known]


def _state(request: HttpRequest, zone: Zone) -> dict[str, Any]:
    zone.refresh_from_db()
    entry = scheduled(zone, timezone.now())
    last = zone.changes.filter(source=Source.CURATOR).order_by("-version").first()
    return {
        "wall": describe_wall(request, zone),
        "may_change": request.user.has_perm(CHANGE),
        "playing": _playing(entry.name, entry.playlists),
        "upcoming": _upcoming(request, zone, entry),
        "show_times": zone.show_times.select_related("playlist"),
        "undo": last,
        "undo_slots": undoable_slots(zone, last) if last else [],
    }


def _upcoming(request: HttpRequest, zone: Zone, entry: ScheduleEntry) -> list[dict[str, Any]]:
    """Pictures of the playlist that do not hang yet."""
    shown = set(zone.assignments.values_list("image", flat=True))
    ids: list[int] = []
    for side in () if entry.is_dark else Orientation:
        waiting = [image.pk for images in lists_of(entry, side).values() for image in images if image.pk not in shown]
        ids += waiting[:NEXT]
    return _described(request, rows_of(Image.objects.filter(pk__in=ids).order_by("-id")))


def _described(request: HttpRequest, rows: list[Row]) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = describe_page(Page(rows, None, None), request)["images"]
    return images


def _playing(name: str, playlists: tuple[Playlist, ...]) -> str:
    if name == "dark":
        return _("Nothing: the walls are dark now.")
    if name == "audience":
        return _("Pictures for the moods of the audience.")
    names = ", ".join(str(playlist) for playlist in playlists)
    return names or _("The newest pictures of the garden.")


def _tray(request: HttpRequest) -> dict[str, Any]:
    """Pictures that visitors may see, newest first: of an emotion, or those that a bulk operation published."""
    emotion, operation = request.GET.get("emotion", ""), request.GET.get("operation", "")
    emotion = emotion if emotion in dict(EMOTIONS) else ""
    if operation:
        page = Page(rows_of(published_by(operation).order_by("-id")[:TRAY]), None, None)
    else:
        filters = ImageFilter(state=Image.State.SERVING, emotion=emotion)
        page = page_before(filters, id_in(request.GET.get("before", "")), TRAY)
    return {
        "tray": _described(request, page.rows),
        "next": page.next,
        "emotion": emotion,
        "operation": operation,
        "emotions": EMOTIONS,
    }


def _screens(request: HttpRequest, zone: Zone) -> list[dict[str, Any]]:
    """The addresses to open on a screen, with QR codes where a phone could follow them."""
    displays = [(str(display), display.number, side_letter(display.orientation)) for display in zone.displays.all()]
    screens = []
    for name, number, side in displays or [("1h", 1, "h"), ("1v", 1, "v")]:
        path = reverse("wall", args=[zone.name, number, side])
        address = public_address(request, path)
        screens.append({"name": name, "path": path, "code": mark_safe(qr_of(address)) if address else ""})  # noqa: S308  # Drawn by segno from our own address.
    return screens
