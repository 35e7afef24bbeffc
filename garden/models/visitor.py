"""The visitor of a kiosk: an id and a guess, never a face template or a photo."""

import re
from datetime import timedelta
from typing import Self

from django.db import connections, models, router
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.faces.base import FaceReading
from garden.models.choices import EMOTIONS, GENDERS, GENERATIONS

ID_MAX_LENGTH = 256
_is_shown_number = re.compile(r"[0-9a-f]{12}").fullmatch


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

    def lock_for_update(self, visitor_id: str) -> "Visitor":
        """The visitor, created without attributes if unknown, marked as seen, locked until the transaction ends."""
        while (locked := self._touch(visitor_id)) is None:
            self.bulk_create([Visitor(id=visitor_id)], ignore_conflicts=True)
        return locked

    def _touch(self, visitor_id: str) -> "Visitor | None":
        """One statement, as every like begins with it; Django has none that answers what it updated."""
        database = connections[router.db_for_write(Visitor)]
        table, now = database.ops.quote_name(Visitor._meta.db_table), timezone.now()
        read = ("id", "generation", "gender", "emotion")
        with database.cursor() as cursor:
            statement = f"UPDATE {table} SET last_seen_at = %s WHERE id = %s RETURNING {', '.join(read)}"  # noqa: S608  # Our table.
            cursor.execute(statement, [database.ops.adapt_datetimefield_value(now), visitor_id])
            row = cursor.fetchone()
        return None if row is None else Visitor.from_db(database.alias, read, row)

    def numbered(self, number: str) -> Self:
        """By the whole id, or by the number that a kiosk's goodbye shows: the first twelve hexadecimal digits of the
        random UUID that is the id, in any case, with or without spaces."""
        digits = re.sub(r"[\s-]", "", number).lower()
        by_digits = Q(pk__startswith=f"{digits[:8]}-{digits[8:]}-") if _is_shown_number(digits) else Q()
        return self.filter(Q(pk=number) | by_digits)

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
