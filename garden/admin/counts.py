"""Counts of days and weeks, and moods of a room: sums in which nobody is to be found."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.resources import ModelResource

from garden.admin.ledger import LedgerAdmin
from garden.models import GuessCount, MoodSighting, SentPhotos
from garden.walls.crowd import shown_sightings


@admin.register(GuessCount)
class GuessCountAdmin(LedgerAdmin):
    list_display = ["week", "guessed", "said", "confirmed", "reader", "count"]
    list_filter = ["reader", "guessed", "said", "week"]
    search_fields = ["guessed", "said"]
    date_hierarchy = "week"
    ordering = ["-week", "guessed", "said"]

    @admin.display(description=_("confirmed"), boolean=True)
    def confirmed(self, answers: GuessCount) -> bool:
        return answers.guessed == answers.said


@admin.register(SentPhotos)
class SentPhotosAdmin(LedgerAdmin):
    list_display = ["day", "service", "count"]
    list_filter = ["service", "day"]
    search_fields = ["service"]
    date_hierarchy = "day"
    ordering = ["-day", "service"]


class MoodSightingResource(ModelResource):
    class Meta:
        model = MoodSighting
        fields = ("zone__name", "emotion")


@admin.register(MoodSighting)
class MoodSightingAdmin(LedgerAdmin):
    """What the walls go by and no more: moods with enough visitors to hide among, neither their marks nor moments."""

    resource_classes = [MoodSightingResource]
    list_display = ["zone", "emotion"]
    list_display_links = None
    list_filter = ["zone", "emotion"]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "zone__title", "emotion"]
    fields = ["zone", "emotion"]
    ordering = ["zone", "emotion"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return shown_sightings(timezone.now()).order_by(*self.ordering)
