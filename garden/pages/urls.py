from django.urls import path, re_path
from django.views.generic import RedirectView

from garden.models.wall import ZONE_NAME
from garden.pages import about, kiosk, privacy, souvenir, try_pages, wall
from garden.pages.pictures import show_picture

PAGES_OF_SEEDS = {
    "emotion/emotion.html": "try-emotion",
    "garden/garden.html": "try-garden",
    "emotion-garden/emotion-garden.html": "kiosk",
    "text2image.html": "curation:try-pictures",
    "pool/bulk/bulk.html": "curation:bulk",
    "pool/preview/preview.html": "curation:review",
    "viewer/viewer.html": "curation:viewer",
    "flower-viewer/flower-viewer-v2.html": "wall-setup",
}
"""The seeds' test pages, and the page that does the work of each here."""

urlpatterns = [
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("about/", about.about, name="about"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("kiosk/pair/", kiosk.pair, name="kiosk-pair"),
    path("wall/", wall.wall_setup, name="wall-setup"),
    path("wall/worker.js", wall.wall_worker, name="wall-worker"),
    path("wall/-/<slug:version>/<str:name>", wall.wall_file, name="wall-file"),
    re_path(rf"^wall/(?P<zone>{ZONE_NAME})/(?P<number>[1-8])/(?P<side>[hv])$", wall.wall, name="wall"),
    path("picture/<int:side>/<path:key>", show_picture, name="picture"),
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
