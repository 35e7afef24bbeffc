"""Walls: zones, their screens, what is shown there, what plays there and when."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS, ORIENTATIONS
from garden.models.image import Image, for_walls

SLOTS = range(1, 9)
"""Numbers of the slots of a zone, in each orientation."""
ZONE_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}"
"""A zone's name is a part of addresses and of storage keys."""

DARK = "dark"
"""What plays in a zone whose screens show nothing."""
_KEPT = {"id", "version", "changed_at", "playing", "paused_at", "darkened_at"}
_slot_number = [MinValueValidator(SLOTS[0]), MaxValueValidator(SLOTS[-1])]


class ZoneMode(models.TextChoices):
    """What the clock does with a zone."""

    SCHEDULE = "schedule", _("by the schedule")
    PAUSED = "paused", _("paused")
    DARK = "dark", _("dark")


class Zone(models.Model):
    """A group of screens. `version` grows by one with every change of what is shown there."""

    name = models.CharField(
        _("name"),
        max_length=50,
        unique=True,
        validators=[RegexValidator(f"^{ZONE_NAME}$", _("Letters, digits, - and _, 50 at most, as in zone1."))],
    )
    title = models.CharField(
        _("title"), max_length=100, blank=True, help_text=_("Display name, for example “Entrance hall”.")
    )
    version = models.PositiveBigIntegerField(_("version"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    playing = models.CharField(_("current playlist"), max_length=40, blank=True, editable=False)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True, editable=False)
    darkened_at = models.DateTimeField(_("dark since"), null=True, blank=True, editable=False)
    rest_minutes = models.PositiveSmallIntegerField(
        _("minimum display time (minutes)"),
        default=10,
        help_text=_("How long a picture that was sent keeps its slot before the playlist may replace it."),
    )
    turn_seconds = models.PositiveSmallIntegerField(
        _("rotation interval (seconds)"),
        default=60,
        validators=[MinValueValidator(5)],
        help_text=_("How often the playlist changes one picture of each orientation."),
    )
    shows_code = models.BooleanField(
        _("souvenir code on the walls"), default=False, help_text=_("A QR code in the corner opens the souvenir.")
    )
    follows_audience = models.BooleanField(
        _("follows the audience"),
        default=False,
        help_text=_("The playlists follow the mix of moods of the visitors of the last minutes."),
    )
    audience_minutes = models.PositiveSmallIntegerField(
        _("audience: minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    audience_minimum = models.PositiveSmallIntegerField(
        _("audience: minimum visitors"),
        default=10,
        validators=[MinValueValidator(5)],
        help_text=_("With fewer visitors their mix of moods is not shown, so that nobody is recognised."),
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What `garden.walls.service` keeps is not turned back by who saves a copy read before a change."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [field.name for field in self._meta.concrete_fields if field.name not in _KEPT]
        super().save(*args, **kwargs)

    @property
    def mode(self) -> ZoneMode:
        if self.darkened_at:
            return ZoneMode.DARK
        return ZoneMode.PAUSED if self.paused_at else ZoneMode.SCHEDULE

    @property
    def is_dark(self) -> bool:
        return self.playing == DARK


class Display(models.Model):
    """A wall screen: it shows one slot of one orientation of its zone."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="displays", verbose_name=_("zone"))
    number = models.PositiveSmallIntegerField(_("slot"), validators=_slot_number)
    orientation = models.CharField(_("orientation"), max_length=16, choices=ORIENTATIONS)
    name = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Display name, for example “above the stairs”.")
    )
    is_active = models.BooleanField(
        pgettext_lazy("device", "active"), default=True, help_text=_("An inactive display raises no alarm.")
    )

    class Meta:
        verbose_name = _("display")
        verbose_name_plural = _("displays")
        ordering = ["zone", "orientation", "number"]
        constraints = [
            models.UniqueConstraint(name="display_once_per_slot", fields=["zone", "orientation", "number"]),
            models.CheckConstraint(name="display_slot_known", condition=Q(number__gte=SLOTS[0], number__lte=SLOTS[-1])),
        ]

    def __str__(self) -> str:
        return self.name or self.slot

    @property
    def slot(self) -> str:
        """As in addresses and keys: `zone1/3h`."""
        return f"{self.zone.name}/{self.number}{side_letter(self.orientation)}"


class Source(models.TextChoices):
    """Who put a picture on a wall."""

    VISITOR = "visitor", _("a visitor")
    CURATOR = "curator", _("a curator")
    API = "api", _("the API")
    PLAYLIST = "playlist", _("a playlist")
    AUDIENCE = "audience", _("the audience's mood")
    KEEPER = "keeper", _("the system")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def shown(self) -> Self:
        """Those whose picture walls may show."""
        return self.filter(for_walls("image__"))

    def removed(self) -> Self:
        """Those whose picture left the garden since it was shown."""
        return self.exclude(for_walls("image__"))


class Assignment(models.Model):
    """The picture of one slot. All slots of a zone change together, with the zone's version."""

    Source = Source

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("zone"))
    number = models.PositiveSmallIntegerField(_("slot"), validators=_slot_number)
    orientation = models.CharField(_("orientation"), max_length=16, choices=ORIENTATIONS)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("image"))
    source = models.CharField(_("shown by"), max_length=16, choices=Source)
    assigned_at = models.DateTimeField(_("shown since"), default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture on a wall")
        verbose_name_plural = _("pictures on walls")
        ordering = ["zone", "orientation", "number"]
        constraints = [
            models.UniqueConstraint(name="assignment_once_per_slot", fields=["zone", "orientation", "number"]),
            models.CheckConstraint(
                name="assignment_slot_known", condition=Q(number__gte=SLOTS[0], number__lte=SLOTS[-1])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone.name}/{self.number}{side_letter(self.orientation)}: {self.image.key}"


class WallChange(models.Model):
    """What was shown when, and by whom; never who the visitor was."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="changes", verbose_name=_("zone"))
    version = models.PositiveBigIntegerField(_("version"))
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    source = models.CharField(_("shown by"), max_length=16, choices=Source)
    by = models.CharField(_("by"), max_length=150, blank=True, help_text=_("the kiosk or the curator"))
    slots = models.JSONField(_("slots"), default=dict, help_text=_("key of the picture by slot, as in 3h"))
    before = models.JSONField(_("slots before"), null=True, blank=True, editable=False)
    undoes = models.PositiveBigIntegerField(_("undoes version"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("wall change")
        verbose_name_plural = _("wall changes")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(name="wall_change_once", fields=["zone", "version"])]

    def __str__(self) -> str:
        return f"{self.zone.name} {self.version}"


def side_letter(orientation: str) -> str:
    """`h` or `v`, as at the end of keys."""
    return "v" if orientation == "portrait" else "h"


class Playlist(models.Model):
    """Chosen pictures in their order, or, where none are chosen, the newest of an emotion[/favorite]."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="playlists", verbose_name=_("zone"))
    name = models.CharField(_("name"), max_length=100)
    emotion = models.CharField(
        _("emotion"), max_length=16, choices=EMOTIONS, blank=True, help_text=_("Empty: all emotions.")
    )
    favorite = models.CharField(_("favorite"), max_length=255, blank=True)
    is_fallback = models.BooleanField(
        _("plays outside the schedule"),
        default=True,
        help_text=_("If there are several, the audience's mood or the time decides."),
    )

    class Meta:
        verbose_name = _("playlist")
        verbose_name_plural = _("playlists")
        ordering = ["zone", "name"]
        constraints = [models.UniqueConstraint(name="playlist_named_once", fields=["zone", "name"])]

    def __str__(self) -> str:
        return self.name


class PlaylistPicture(models.Model):
    playlist = models.ForeignKey(
        Playlist, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("playlist")
    )
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+", verbose_name=_("image"))
    place = models.PositiveIntegerField(pgettext_lazy("rank", "place"), default=0)

    class Meta:
        verbose_name = _("playlist picture")
        verbose_name_plural = _("playlist pictures")
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(name="playlist_picture_once", fields=["playlist", "image"])]

    def __str__(self) -> str:
        return self.image.key


class ShowTime(models.Model):
    """On these days, between these hours, this playlist; without a playlist the walls are dark."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="show_times", verbose_name=_("zone"))
    playlist = models.ForeignKey(
        Playlist,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("playlist"),
        help_text=_("Empty: the walls are dark."),
    )
    days = models.CharField(
        _("days"),
        max_length=7,
        default="1234567",
        validators=[RegexValidator(r"^(?!.*(.).*\1)[1-7]+$", _("Each day at most once, 1 (Monday) to 7 (Sunday)."))],
        help_text=_("1 is Monday, 7 is Sunday: 12345 is every weekday."),
    )
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"), help_text=_("An end before the beginning is on the next day."))

    class Meta:
        verbose_name = _("show time")
        verbose_name_plural = _("show times")
        ordering = ["zone", "begins"]

    def __str__(self) -> str:
        return f"{self.days} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        if self.playlist is not None and self.playlist.zone_id != self.zone_id:
            raise ValidationError({"playlist": _("This playlist belongs to another zone.")})
