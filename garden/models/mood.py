"""Moods of a zone's latest visitors, for walls that follow the crowd."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS
from garden.models.wall import Zone


class MoodSighting(models.Model):
    """One visitor's latest mood. `mark` is a keyed hash that tells visitors apart and names none; rows live minutes."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="sightings", verbose_name=_("zone"))
    mark = models.CharField(_("mark"), max_length=43)
    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("mood of a visitor")
        verbose_name_plural = _("moods of visitors")
        constraints = [models.UniqueConstraint(name="mood_sighting_once", fields=["zone", "mark"])]

    def __str__(self) -> str:
        return self.emotion
