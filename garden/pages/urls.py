from django.urls import path

from garden.pages import souvenir_views, views
from garden.pages.pictures import show_picture

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/pair/", views.pair, name="kiosk-pair"),
    path("picture/<int:side>/<path:key>", show_picture, name="picture"),
    path("image", souvenir_views.souvenir, name="souvenir"),
    path("image/code.svg", souvenir_views.souvenir_code, name="souvenir-code"),
    path("image/file", souvenir_views.souvenir_file, name="souvenir-file"),
    path("s/<slug:code>", souvenir_views.souvenir_link, name="souvenir-link"),
    path("s/<slug:code>/code.svg", souvenir_views.souvenir_link_code, name="souvenir-link-code"),
    path("s/<slug:code>/file", souvenir_views.souvenir_link_file, name="souvenir-link-file"),
]
