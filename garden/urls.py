"""Routes of the site: the garden's own, and those of the other apps."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from garden.api.consent import ConsentView, ForgetView
from garden.api.displays import ManifestView, SendToWallView, SlotPictureView, UpdateDisplayView
from garden.api.kiosks import HeartbeatView, SouvenirView
from garden.api.readings import GuessView, ReadingView
from garden.api.views import DocumentView, EmotionView, GardenFromDatabaseView, VersionView
from garden.models.wall import ZONE_NAME
from garden.pages import about, kiosk, privacy, souvenir, try_pages, wall
from garden.pages.docs import docs
from garden.pages.script_catalog import script_catalog
from garden.storage.keys import POOL, SERVING
from garden.storage.serving import serve_picture, serve_signed_picture, show_layer, show_picture, show_stage

admin.autodiscover()
handler400 = "garden.pages.errors.answer_bad_request"
handler403 = "garden.pages.errors.answer_forbidden"
handler404 = "garden.pages.errors.answer_not_found"
handler500 = "garden.pages.errors.answer_failure"

PAGES_OF_SEEDS = {
    "emotion/emotion.html": "try-emotion",
    "garden/garden.html": "try-garden",
    "emotion-garden/emotion-garden.html": "kiosk",
    "text2image.html": "curation:make",
    "pool/bulk/bulk.html": "curation:make",
    "pool/preview/preview.html": "curation:review",
    "viewer/viewer.html": "curation:library",
    "flower-viewer/flower-viewer-v2.html": "wall-setup",
}
"""The seeds' test pages, and the page that does the work of each here."""

API = [
    path("version", VersionView.as_view(), name="version"),
    path("emotion", EmotionView.as_view(), name="emotion"),
    path("reading", ReadingView.as_view(), name="reading"),
    path("consent", ConsentView.as_view(), name="consent"),
    path("forget", ForgetView.as_view(), name="forget"),
    path("guess", GuessView.as_view(), name="guess"),
    path("souvenir", SouvenirView.as_view(), name="souvenir-for-kiosk"),
    path("heartbeat", HeartbeatView.as_view(), name="heartbeat"),
    path("gardenfromDB", GardenFromDatabaseView.as_view(), name="garden-from-db"),
    path("updateDisplay", UpdateDisplayView.as_view(), name="update-display"),
    path("sendToWall", SendToWallView.as_view(), name="send-to-wall"),
    path("wall/<str:zone>/manifest", ManifestView.as_view(), name="wall-manifest"),
    re_path(r"^display/(?P<zone>[^/]+)/img(?P<slot>[1-8][hv])\.jpeg$", SlotPictureView.as_view(), name="slot-picture"),
]
PAGES = [
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("about/", about.about, name="about"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("kiosk/pair/", kiosk.pair, name="kiosk-pair"),
    path("wall/", wall.wall_setup, name="wall-setup"),
    path("wall/worker.js", wall.wall_worker, name="wall-worker"),
    path("wall/-/<slug:version>/<path:name>", wall.wall_file, name="wall-file"),
    re_path(rf"^wall/(?P<zone>{ZONE_NAME})/(?P<number>[1-8])/(?P<side>[hv])$", wall.wall, name="wall"),
    path("picture/<int:side>/<path:key>", show_picture, name="picture"),
    re_path(r"^layer/(?P<layer>far|near)/(?P<key>.+)$", show_layer, name="picture-layer"),
    path("stage/<int:number>/<path:key>", show_stage, name="picture-stage"),
    path("image", souvenir.souvenir, name="souvenir"),
    path("image/code.svg", souvenir.souvenir_code, name="souvenir-code"),
    path("image/file", souvenir.souvenir_file, name="souvenir-file"),
    path("s/<slug:code>", souvenir.souvenir_link, name="souvenir-link"),
    path("s/<slug:code>/code.svg", souvenir.souvenir_link_code, name="souvenir-link-code"),
    path("s/<slug:code>/file", souvenir.souvenir_link_file, name="souvenir-link-file"),
    path("try/emotion/", try_pages.try_emotion, name="try-emotion"),
    path("try/garden/", try_pages.try_garden, name="try-garden"),
    *(
        path(f"html/{page}", RedirectView.as_view(pattern_name=name, query_string=True))
        for page, name in PAGES_OF_SEEDS.items()
    ),
]
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="kiosk", query_string=True)),
    *API,
    path("", include("recommend.api.urls")),
    path("", include("generation.api.urls")),
    *PAGES,
    path("", include("curation.urls")),
    path("i18n/<str:language>/<slug:version>.js", script_catalog, name="script-catalog"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("docs/", admin.site.admin_view(docs), {"path": ""}, name="docs"),
    path("docs/<path:path>", admin.site.admin_view(docs)),
    path("api/schema/", DocumentView.as_view(), name="schema"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("garden/glyphs/sunflower.svg"))),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    re_path(r"^media/(?P<path>.+)$", serve_picture),
    re_path(rf"^(?P<path>(?:{SERVING}|{POOL})/.+)$", serve_picture),
    re_path(rf"^signed/(?P<signature>[^/]+)/(?P<path>(?:{SERVING}|{POOL})/.+)$", serve_signed_picture, name="signed"),
]
