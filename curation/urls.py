"""The curators' pages, inside the admin site, and the routes behind them."""

from django.urls import URLPattern, path

from curation.api.fleet import FleetView, QuietView
from curation.api.images import CountsView, ImagesView
from curation.api.lookalikes import LookalikesView, SettleView, UnsettleView
from curation.api.retouch.batch_urls import routes as batch_routes
from curation.api.retouch.urls import routes as retouch_routes
from curation.api.urls import routes
from curation.dashboard.views import renew_dashboard, show_dashboard
from curation.pages import bulk, history
from curation.pages.fleet import show_fleet
from curation.pages.gate import curator_page
from curation.pages.lookalikes import show_lookalikes
from curation.pages.retouch_batch import show_batch
from curation.pages.review import HALLS, show_hall
from curation.pages.studio import show_studio
from curation.pages.try_pictures import show_try_pictures

app_name = "curation"
BULK, RELEASES, ACTS = (f"admin/curation/{page}/" for page in ("bulk", "releases", "acts"))
PUBLISH, BACK = "curation.publish_images", "curation.roll_back_release"
urlpatterns: list[URLPattern] = [
    *routes,
    *retouch_routes,
    *batch_routes,
    path("curation/images", ImagesView.as_view(), name="images"),
    path("curation/counts", CountsView.as_view(), name="counts"),
    path("curation/lookalikes", LookalikesView.as_view(), name="api-lookalikes"),
    path("curation/lookalikes/<id:pk>/settle", SettleView.as_view(), name="settle-lookalikes"),
    path("curation/settlements/<uuid:pk>/undo", UnsettleView.as_view(), name="unsettle-lookalikes"),
    path("admin/curation/lookalikes/", curator_page(show_lookalikes, "curation.view_review"), name="lookalikes"),
    *(
        path(f"admin/curation/{name}/", curator_page(show_hall, "curation.view_review"), {"name": name}, name=name)
        for name in HALLS
    ),
    path(BULK, curator_page(bulk.show_bulk, "generation.view_generationjob"), name="bulk"),
    path("try/pictures/", curator_page(show_try_pictures, bulk.MAKE), name="try-pictures"),
    path(f"{BULK}estimate/", curator_page(bulk.show_estimate, bulk.MAKE), name="bulk-estimate"),
    path(f"{BULK}jobs/", curator_page(bulk.list_bulk_jobs, "generation.view_generationjob"), name="bulk-jobs"),
    path("admin/curation/fleet/", curator_page(show_fleet, "garden.view_devicehealth"), name="fleet"),
    path("curation/fleet", FleetView.as_view(), name="api-fleet"),
    path("curation/fleet/quiet", QuietView.as_view(), name="quiet-device"),
    path("admin/curation/studio/", curator_page(show_studio, "generation.view_version"), name="studio"),
    path("admin/curation/retouch-batch/", curator_page(show_batch, "generation.view_version"), name="retouch-batch"),
    path("admin/curation/dashboard/", curator_page(show_dashboard, "curation.view_review"), name="dashboard"),
    path(
        "admin/curation/dashboard/renew/", curator_page(renew_dashboard, "curation.view_review"), name="renew-dashboard"
    ),
    path(RELEASES, curator_page(history.list_releases, "curation.view_release"), name="releases"),
    path(f"{RELEASES}<id:pk>/", curator_page(history.show_release, "curation.view_release"), name="release"),
    path(f"{RELEASES}<id:pk>/cancel/", curator_page(history.cancel_release, PUBLISH), name="cancel-release"),
    path(f"{RELEASES}<slug:emotion>/<id:number>/", curator_page(history.return_to_release, BACK), name="roll-back"),
    path(ACTS, curator_page(history.list_acts, "curation.view_act"), name="acts"),
    path(f"{ACTS}<uuid:pk>/", curator_page(history.show_act, "curation.view_act"), name="act"),
    path(f"{ACTS}<uuid:pk>/undo/", curator_page(history.take_back, "curation.view_act"), name="take-back"),
]
