"""How many pictures a garden shall have."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS, ORIENTATIONS

DEFAULT = 60


class Target(models.Model):
    """What is wanted of one emotion and orientation; DEFAULT where none is set."""

    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS)
    orientation = models.CharField(_("orientation"), max_length=16, choices=ORIENTATIONS)
    pictures = models.PositiveIntegerField(_("pictures wanted"), default=DEFAULT)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["emotion", "orientation"]
        constraints = [
            models.UniqueConstraint(name="target_once", fields=["emotion", "orientation"]),
            models.CheckConstraint(
                name="target_emotion_known", condition=Q(emotion__in=[emotion for emotion, _ in EMOTIONS])
            ),
            models.CheckConstraint(
                name="target_orientation_known", condition=Q(orientation__in=[o for o, _ in ORIENTATIONS])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.emotion} {self.orientation}: {self.pictures}"
