"""The curators' pages, inside the admin site, and the routes behind them."""

from typing import Any

from django.urls import URLPattern, path

from curation.access_control import View, curator_page
from curation.api import collections, decisions, images, lookalikes, operations, releases, seeds
from curation.api.batches import BatchesView, CandidatesView
from curation.api.versions import PublishView, SiblingsView
from curation.api.walls import WallView
from curation.dashboard.views import renew_dashboard, show_dashboard
from curation.pages import fleet, gpu, history, job, make, walls
from curation.pages import lookalikes as near_duplicates
from curation.pages.retouch_batch import show_batch, show_batch_state, steer_batch
from curation.pages.review import LISTINGS, show_listing
from curation.pages.studio import show_studio
from generation.api import canvases, versions
from generation.api import retouch_batches as batches
from generation.api import retouch_words as words
from generation.api.hosts import SWITCH
from generation.jobs import ACTIONS

app_name = "curation"
REVIEW, MAKING, RETOUCH = "curation.view_review", "generation.view_generationjob", "generation.view_version"
PRESETS = "generation.add_orderpreset"
DEVICES = "garden.view_devicehealth"
STUDIO = "curation/retouch"
CANVAS, VERSION, BATCH = (f"{STUDIO}/{kind}/<uuid:pk>" for kind in ("canvases", "versions", "batches"))


def page(route: str, view: View, permission: str, name: str, given: dict[str, Any] | None = None) -> URLPattern:
    return path(f"admin/curation/{route}/", curator_page(view, permission), given, name)


routes = [
    path("curation/decisions", decisions.DecisionsView.as_view(), name="decisions"),
    path("curation/acts", operations.OperationsView.as_view(), name="api-acts"),
    path("curation/acts/<uuid:pk>", operations.OperationView.as_view(), name="api-act"),
    path("curation/acts/<uuid:pk>/undo", operations.UndoView.as_view(), name="api-undo"),
    path("curation/releases", releases.ReleasesView.as_view(), name="api-releases"),
    path("curation/releases/<id:pk>/diff", releases.DiffView.as_view(), name="api-diff"),
    path("curation/releases/<id:pk>/roll-back", releases.RollBackView.as_view(), name="api-roll-back"),
    path("curation/releases/<id:pk>/cancel", releases.CancelView.as_view(), name="api-cancel"),
    path("curation/walls/<str:zone>", WallView.as_view(), name="api-wall"),
    path("curation/images", images.ImagesView.as_view(), name="images"),
    path("curation/images/download", images.DownloadView.as_view(), name="download"),
    path("curation/collections", collections.CollectionsView.as_view(), name="collections"),
    path("curation/counts", images.CountsView.as_view(), name="counts"),
    path("curation/lookalikes", lookalikes.LookalikesView.as_view(), name="api-lookalikes"),
    path("curation/lookalikes/<id:pk>/settle", lookalikes.SettleView.as_view(), name="settle-lookalikes"),
    path("curation/settlements/<uuid:pk>/undo", lookalikes.UnsettleView.as_view(), name="unsettle-lookalikes"),
    path("retrieve", seeds.RetrieveView.as_view(), name="retrieve"),
    path("remove", seeds.RemoveView.as_view(), name="remove"),
    path("removePool", seeds.RemoveView.as_view(), name="remove-pool"),
    path("clearIndex", seeds.ClearIndexView.as_view(), name="clear-index"),
]
retouch_routes = [
    path(f"{STUDIO}/options", words.OptionsView.as_view(), name="api-retouch-options"),
    path(f"{STUDIO}/credits", words.CreditsView.as_view(), name="api-credits"),
    path(f"{STUDIO}/words", words.WordsView.as_view(), name="api-retouch-words"),
    path(f"{STUDIO}/words/ignored", words.IgnoredWordsView.as_view(), name="api-ignored-words"),
    path(f"{STUDIO}/presets", words.PresetsView.as_view(), name="api-retouch-presets"),
    path(f"{STUDIO}/presets/<id:pk>/delete", words.PresetView.as_view(), name="api-retouch-preset"),
    path(f"{STUDIO}/readings/<uuid:pk>", words.TagReadingView.as_view(), name="api-reading"),
    path(f"{STUDIO}/canvases", canvases.CanvasesView.as_view(), name="api-canvases"),
    path(CANVAS, canvases.CanvasView.as_view(), name="api-canvas"),
    path(f"{CANVAS}/picture", canvases.CanvasPictureView.as_view(), name="api-canvas-picture"),
    path(f"{CANVAS}/outline", canvases.OutlineView.as_view(), name="api-outline"),
    path(f"{CANVAS}/tags", words.TagsView.as_view(), name="api-tags"),
    path(f"{CANVAS}/head", canvases.HeadView.as_view(), name="api-head"),
    path(f"{CANVAS}/compare", canvases.CompareView.as_view(), name="api-compare"),
    path(f"{STUDIO}/versions", versions.VersionsView.as_view(), name="api-versions"),
    path(VERSION, versions.RetouchVersionView.as_view(), name="api-version"),
    path(f"{VERSION}/picture", versions.VersionPictureView.as_view(), name="api-version-picture"),
    path(f"{VERSION}/layers/<slug:name>", versions.LayerView.as_view(), name="api-layer"),
    path(f"{VERSION}/opacity", versions.OpacityView.as_view(), name="api-opacity"),
    path(f"{VERSION}/siblings", SiblingsView.as_view(), name="api-siblings"),
    path(f"{VERSION}/publish", PublishView.as_view(), name="api-publish-version"),
    *(
        path(f"{VERSION}/{verb}", versions.SteerVersionView.as_view(verb=verb), name=f"api-version-{verb}")
        for verb in versions.STEERING
    ),
    path(f"{STUDIO}/batches", BatchesView.as_view(), name="api-batches"),
    path(f"{STUDIO}/batches/candidates", CandidatesView.as_view(), name="api-batch-candidates"),
    path(f"{STUDIO}/batches/recipe", batches.CheckRecipeView.as_view(), name="api-batch-recipe"),
    path(BATCH, batches.BatchView.as_view(), name="api-batch"),
    path(f"{BATCH}/items", batches.BatchItemsView.as_view(), name="api-batch-items"),
    path(f"{BATCH}/preview", batches.PreviewBatchView.as_view(), name="api-batch-preview"),
    path(f"{BATCH}/run", batches.RunBatchView.as_view(), name="api-batch-run"),
    path(f"{BATCH}/report", batches.BatchReportView.as_view(), name="api-batch-report"),
    path(f"{BATCH}/report.csv", batches.BatchTableView.as_view(), name="api-batch-table"),
    *(
        path(
            f"{BATCH}/items/<id:number>/{which}",
            batches.BatchPictureView.as_view(),
            {"which": which},
            name=f"api-batch-{which}",
        )
        for which in ("before", "after")
    ),
    *(path(f"{BATCH}/{verb}", batches.SteerBatchView.as_view(verb=verb), name=f"api-batch-{verb}") for verb in ACTIONS),
]
pages = [
    *(page(name, show_listing, REVIEW, name, {"name": name}) for name in LISTINGS),
    page("lookalikes", near_duplicates.show_lookalikes, REVIEW, "lookalikes"),
    page("lookalikes/undo", near_duplicates.undo, "curation.decide", "undo-lookalikes"),
    page("lookalikes/<id:group>", near_duplicates.settle, "curation.decide", "settle-group"),
    page("make", make.show_make, MAKING, "make"),
    page("make/more/<id:slot>", make.make_more, make.MAKE, "make-more"),
    page("make/estimate", make.show_estimate, make.MAKE, "make-estimate"),
    page("make/previews", make.preview, make.MAKE, "make-previews"),
    page("make/previews/<uuid:job>", make.show_previews, make.MAKE, "show-previews"),
    page("make/presets", make.save_preset, PRESETS, "save-preset"),
    page("make/presets/<id:pk>/delete", make.delete_preset, "generation.delete_orderpreset", "delete-preset"),
    page("make/jobs", make.list_jobs, MAKING, "make-jobs"),
    page("make/jobs/<uuid:pk>", job.show_job, MAKING, "job-page"),
    page("make/jobs/<uuid:pk>/<slug:action>", job.steer_job, MAKING, "steer-job"),
    page("fleet", fleet.show_fleet, DEVICES, "fleet"),
    page("fleet/test", fleet.send_test_alarm, fleet.MAY_MUTE, "test-alarm"),
    page("fleet/<slug:kind>/<id:pk>", fleet.show_device, DEVICES, "device"),
    page("fleet/<slug:kind>/<id:pk>/mute", fleet.mute, fleet.MAY_MUTE, "mute"),
    path("admin/curation/gpu/", curator_page(gpu.show_gpu, ()), name="gpu"),
    path("admin/curation/gpu/<slug:action>/", curator_page(gpu.switch_gpu, SWITCH), name="switch-gpu"),
    page("studio", show_studio, RETOUCH, "studio"),
    page("retouch-batch", show_batch, RETOUCH, "retouch-batch"),
    page("retouch-batch/<uuid:pk>", show_batch_state, RETOUCH, "batch"),
    page("retouch-batch/<uuid:pk>/<slug:action>", steer_batch, RETOUCH, "steer-batch"),
    page("dashboard", show_dashboard, REVIEW, "dashboard"),
    page("dashboard/renew", renew_dashboard, REVIEW, "renew-dashboard"),
    page("walls", walls.list_walls, walls.SEE, "walls"),
    page("walls/<str:zone>", walls.show_wall, walls.SEE, "wall"),
    page("walls/<str:zone>/tray", walls.show_tray, walls.SEE, "wall-tray"),
    page("walls/<str:zone>/schedule", walls.add_show_time, "garden.add_showtime", "add-show-time"),
    page("walls/<str:zone>/schedule/<id:pk>", walls.delete_show_time, walls.DELETE_SHOW, "delete-show-time"),
    page("releases", history.list_releases, "curation.view_release", "releases"),
    page("releases/<id:pk>", history.show_release, "curation.view_release", "release"),
    page("releases/<id:pk>/cancel", history.cancel_release, "curation.publish_images", "cancel-release"),
    page("releases/<slug:emotion>/<id:number>", history.return_to_release, "curation.roll_back_release", "roll-back"),
    page("acts", history.list_operations, "curation.view_bulkoperation", "acts"),
    page("acts/<uuid:pk>", history.show_operation, "curation.view_bulkoperation", "act"),
    page("acts/<uuid:pk>/undo", history.take_back, "curation.view_bulkoperation", "take-back"),
]
urlpatterns = [*routes, *retouch_routes, *pages]
