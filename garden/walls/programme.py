"""What plays in a zone at a moment: a show of the schedule, the crowd's moods, or a playlist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from garden.models import Playlist, ShowTime, Zone
from garden.models.display import DARK, Source
from garden.walls.crowd import moods

_CROWD = "crowd"
_SHOW = "show "


@dataclass(frozen=True, slots=True)
class Programme:
    """`name` tells it from others and is kept in the zone; without playlists the newest pictures play."""

    name: str
    playlists: tuple[Playlist, ...] = ()
    moods: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_dark(self) -> bool:
        return self.name == DARK

    @property
    def source(self) -> Source:
        return Source.CROWD if self.moods else Source.PLAYLIST

    def begins_at_once_after(self, before: str) -> bool:
        """A show begins and ends when it is announced; everything else changes picture by picture."""
        return self.name != before and any(name.startswith((_SHOW, DARK)) for name in (before, self.name))


def programme_of(zone: Zone, now: datetime) -> Programme:
    shows = [(begun, show.pk, show) for show in zone.show_times.all() if (begun := _began(show, now))]
    if shows:
        return _of_show(max(shows)[-1])
    fallbacks = tuple(playlist for playlist in zone.playlists.all() if playlist.is_fallback)
    mix = moods(zone, now)
    if mix:
        return Programme(_CROWD, fallbacks, mix)
    if not fallbacks:
        return Programme("newest")
    local = _local(now)
    playlist = fallbacks[(local.toordinal() * 24 + local.hour) % len(fallbacks)]
    return Programme(f"list {playlist.pk}", (playlist,))


def _of_show(show: ShowTime) -> Programme:
    if show.playlist is None:
        return Programme(DARK)
    return Programme(f"{_SHOW}{show.playlist.pk}", (show.playlist,))


def _began(show: ShowTime, now: datetime) -> datetime | None:
    """When the show that is on began, by the site's clock; of several the one that began last is meant."""
    local = _local(now)
    for day in (local.date(), local.date() - timedelta(days=1)):
        begins = datetime.combine(day, show.begins)
        ends = datetime.combine(day, show.ends)
        if ends <= begins:
            ends += timedelta(days=1)
        if _is_on(show, day) and begins <= local < ends:
            return begins
    return None


def _is_on(show: ShowTime, day: date) -> bool:
    return str(day.isoweekday()) in show.days


def _local(now: datetime) -> datetime:
    return timezone.make_naive(now, timezone.get_default_timezone())
