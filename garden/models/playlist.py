"""What plays on a zone's walls while nobody sends anything, and when."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS
from garden.models.display import Zone
from garden.models.image import Image


class Playlist(models.Model):
    """Chosen pictures in their order, or, where none are chosen, the newest of an emotion[/favorite]."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="playlists", verbose_name=_("zone"))
    name = models.CharField(_("name"), max_length=100)
    emotion = models.CharField(
        _("emotion"), max_length=16, choices=EMOTIONS, blank=True, help_text=_("Empty: of every emotion.")
    )
    favorite = models.CharField(_("favorite"), max_length=255, blank=True)
    is_fallback = models.BooleanField(
        _("plays outside the schedule"), default=True, help_text=_("Of several, the crowd's mood or the hour decides.")
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
        verbose_name = _("picture of a playlist")
        verbose_name_plural = _("pictures of a playlist")
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
            raise ValidationError({"playlist": _("This playlist is another zone's.")})
