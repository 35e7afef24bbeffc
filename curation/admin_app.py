"""Django's admin as curators meet it."""

from garden.admin_app import AdminOnDemand


class CuratorsAdmin(AdminOnDemand):
    default_site = "curation.site.CuratorsAdminSite"
