"""The fleet page and the routes behind it."""

from django.urls import path

from curation.api.fleet import FleetView, QuietView
from curation.fleet.page import show_fleet
from curation.pages.gate import curator_page

routes = [
    path("admin/curation/fleet/", curator_page(show_fleet, "garden.view_devicehealth"), name="fleet"),
    path("curation/fleet", FleetView.as_view(), name="api-fleet"),
    path("curation/fleet/quiet", QuietView.as_view(), name="quiet-device"),
]
