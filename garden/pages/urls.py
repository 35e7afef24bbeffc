from django.urls import include, path, re_path

from garden.models.display import ZONE_NAME
from garden.pages import about, privacy, seed_pages, souvenir, try_pages, views, wall, wall_shell
from garden.pages.pictures import show_picture

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("about/", about.about, name="about"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("kiosk/pair/", views.pair, name="kiosk-pair"),
    path("wall/", wall.wall_setup, name="wall-setup"),
    path("wall/worker.js", wall_shell.wall_worker, name="wall-worker"),
    path("wall/-/<slug:version>/<str:name>", wall_shell.wall_file, name="wall-file"),
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
    path("html/", include(seed_pages.urlpatterns)),
]
