"""The dashboard, and the sums that it reads."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from garden.admin.ledger import LedgerAdmin
from recommend.admin.liked import WithLikeRate
from recommend.dashboard.page import page_context
from recommend.models import CoverageTally, DailyTally, PlaceTally, RankedPicture
from recommend.templatetags.rates import share


@admin.register(DailyTally)
class DashboardAdmin(LedgerAdmin):
    """The list of sums is the dashboard; who may see them may see it."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = {"title": self.model._meta.verbose_name_plural, "opts": self.model._meta}
        context = {**self.admin_site.each_context(request), **words, **page_context(request)}
        return TemplateResponse(request, "admin/recommend/dashboard.html", context)


@admin.register(PlaceTally)
class PlaceTallyAdmin(WithLikeRate, LedgerAdmin):
    list_display = ["day", "arm", "place", "shown", "liked", "like_rate"]
    list_filter = ["arm", "place", "day"]
    search_fields = ["arm", "=place"]
    date_hierarchy = "day"
    ordering = ["-day", "arm", "place"]


@admin.register(CoverageTally)
class CoverageTallyAdmin(LedgerAdmin):
    list_display = ["emotion", "pictures", "shown", "covered", "fresh", "fresh_shown"]
    list_filter = ["emotion"]
    search_fields = ["emotion"]
    ordering = ["emotion"]

    @admin.display(description=_("share shown"))
    def covered(self, tally: CoverageTally) -> str:
        return share(tally.shown, tally.pictures)


@admin.register(RankedPicture)
class RankedPictureAdmin(WithLikeRate, LedgerAdmin):
    list_display = ["list", "place", "image", "shown", "liked", "like_rate"]
    list_display_links = ["image"]
    list_filter = ["list", "image__emotion", "image__orientation"]
    list_select_related = ["image"]
    search_fields = ["image__key"]
    ordering = ["list", "place"]
