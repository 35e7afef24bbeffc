"""What plays in a zone at a moment: a show of the schedule, the audience's moods, or a playlist; and its pictures."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils import timezone

from garden.models import Image, Playlist, ShowTime, Zone
from garden.models.wall import DARK, SLOTS, Source, ZoneMode
from garden.vocabulary import Emotion
from garden.walls.audience import moods, slots_by_mood

NEWEST = 48
"""Pictures that take turns where a playlist names none: a day of them is never the same wall twice."""
_ALL = ""
_AUDIENCE = "audience"
_SHOW = "show "

Lists = dict[str, list[Image]]
"""Pictures in their order, by mood; where no audience is followed there is one list, of no mood."""


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """`name` identifies it and is stored in the zone; without playlists the newest pictures play."""

    name: str
    playlists: tuple[Playlist, ...] = ()
    moods: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_dark(self) -> bool:
        return self.name == DARK

    @property
    def is_paused(self) -> bool:
        return self.name == ZoneMode.PAUSED

    @property
    def source(self) -> Source:
        return Source.AUDIENCE if self.moods else Source.PLAYLIST

    def begins_at_once_after(self, before: str) -> bool:
        """A show begins and ends when it is announced; everything else changes picture by picture."""
        if self.is_paused:
            return False
        return self.name != before and any(name.startswith((_SHOW, DARK)) for name in (before, self.name))


def scheduled(zone: Zone, now: datetime) -> ScheduleEntry:
    """A zone that is paused keeps its pictures; its entry fills slots that become empty."""
    if zone.mode == ZoneMode.DARK:
        return ScheduleEntry(DARK)
    entry = _by_time(zone, now)
    return replace(entry, name=ZoneMode.PAUSED.value) if zone.mode == ZoneMode.PAUSED else entry


def _by_time(zone: Zone, now: datetime) -> ScheduleEntry:
    shows = [(begun, show.pk, show) for show in zone.show_times.all() if (begun := _began(show, now))]
    if shows:
        return _of_show(max(shows)[-1])
    fallbacks = tuple(playlist for playlist in zone.playlists.all() if playlist.is_fallback)
    mix = moods(zone, now)
    if mix:
        return ScheduleEntry(_AUDIENCE, fallbacks, mix)
    if not fallbacks:
        return ScheduleEntry("newest")
    local = _local(now)
    playlist = fallbacks[(local.toordinal() * 24 + local.hour) % len(fallbacks)]
    return ScheduleEntry(f"list {playlist.pk}", (playlist,))


def _of_show(show: ShowTime) -> ScheduleEntry:
    if show.playlist is None:
        return ScheduleEntry(DARK)
    return ScheduleEntry(f"{_SHOW}{show.playlist.pk}", (show.playlist,))


def _began(show: ShowTime, now: datetime) -> datetime | None:
    """When the show that is on began, by the site's clock; of several the one that began last is meant."""
    local = _local(now)
    for day in (local.date(), local.date() - timedelta(days=1)):
        begins = datetime.combine(day, show.begins)
        ends = datetime.combine(day, show.ends)
        if ends <= begins:
            ends += timedelta(days=1)
        if str(day.isoweekday()) in show.days and begins <= local < ends:
            return begins
    return None


def _local(now: datetime) -> datetime:
    return timezone.make_naive(now, timezone.get_default_timezone())


def lists_of(entry: ScheduleEntry, orientation: str) -> Lists:
    if entry.moods:
        return {mood: _of_mood(entry.playlists, mood, orientation) for mood in entry.moods}
    found = [image for playlist in entry.playlists for image in _of_playlist(playlist, orientation)]
    return {_ALL: found or _newest(Emotion, orientation)}


def slots_of_lists(entry: ScheduleEntry) -> dict[str, int]:
    """How many of an orientation's slots each list has."""
    return slots_by_mood(entry.moods, len(SLOTS)) if entry.moods else {_ALL: len(SLOTS)}


def _of_mood(playlists: Iterable[Playlist], mood: str, orientation: str) -> list[Image]:
    of_mood = [playlist for playlist in playlists if playlist.emotion == mood]
    found = [image for playlist in of_mood for image in _of_playlist(playlist, orientation)]
    return found or _newest([mood], orientation)


def _of_playlist(playlist: Playlist, orientation: str) -> list[Image]:
    """The chosen ones; where none of them is in the garden, the newest of its emotion, with every favorite or one."""
    chosen = playlist.pictures.filter(image__state=Image.State.SERVING, image__orientation=orientation)
    images = [picture.image for picture in chosen.select_related("image")]
    return images or _newest([playlist.emotion] if playlist.emotion else Emotion, orientation, playlist.favorite)


def _newest(emotions: Iterable[str], orientation: str, favorite: str = "") -> list[Image]:
    """By the index of each emotion: no sorting of a whole garden."""
    serving = Image.objects.serving().filter(orientation=orientation)
    newest = [serving.of_emotion(emotion, favorite or None).newest_first()[:NEWEST] for emotion in emotions]
    return list(heapq.merge(*newest, key=lambda image: (image.published_at, image.pk), reverse=True))[:NEWEST]
