"""The admin site as curators meet it."""

from typing import Any

from django.http import HttpRequest

from curation.contents import in_chapters
from garden.access.admin_site import GardenAdminSite


class CuratorsAdminSite(GardenAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By chapters; one app's own page lists it whole, as Django does."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else in_chapters(apps)
