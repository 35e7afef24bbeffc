"""Who stands at a kiosk: an id and a guess. No face template, no photo."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.emotion.base import FaceReading
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS

ID_MAX_LENGTH = 256


class VisitorQuerySet(models.QuerySet["Visitor"]):
    def remember(self, visitor_id: str, reading: FaceReading) -> "Visitor":
        """Create or update the visitor with what was read from their face."""
        seen = {
            "generation": reading.generation.value,
            "gender": reading.gender.value,
            "emotion": reading.emotion.value,
            "last_seen_at": timezone.now(),
        }
        visitor, _ = self.update_or_create(id=visitor_id, defaults=seen)
        return visitor

    def unseen_for(self, days: int) -> Self:
        return self.filter(last_seen_at__lt=timezone.now() - timedelta(days=days))


class Visitor(models.Model):
    id = models.CharField(_("id"), max_length=ID_MAX_LENGTH, primary_key=True)
    generation = models.CharField(_("generation"), max_length=16, choices=GENERATIONS, blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=GENDERS, blank=True)
    emotion = models.CharField(_("last emotion"), max_length=16, choices=EMOTIONS, blank=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now, db_index=True)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [
            models.CheckConstraint(name="visitor_has_id", condition=~Q(id="")),
            models.CheckConstraint(
                name="visitor_emotion_known", condition=Q(emotion__in=["", *(e for e, _ in EMOTIONS)])
            ),
            models.CheckConstraint(
                name="visitor_generation_known", condition=Q(generation__in=["", *(g for g, _ in GENERATIONS)])
            ),
            models.CheckConstraint(name="visitor_gender_known", condition=Q(gender__in=["", *(g for g, _ in GENDERS)])),
        ]

    def __str__(self) -> str:
        return self.id
