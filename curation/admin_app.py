"""Django's admin as curators meet it, whose pages are found with the addresses: commands that show none start in half
the time.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.core.checks import CheckMessage


class CuratorsAdmin(SimpleAdminConfig):
    """`garden.urls` finds the pages; so do system checks, whichever comes first."""

    default_site = "curation.site.CuratorsAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    admin.autodiscover()
    return list(check_admin_app(app_configs, **kwargs))
