from django.urls import path

from garden.pages import views
from garden.pages.pictures import show_picture

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/pair/", views.pair, name="kiosk-pair"),
    path("picture/<int:side>/<path:key>", show_picture, name="picture"),
    path("image", views.souvenir, name="souvenir"),
    path("image/code.svg", views.souvenir_code, name="souvenir-code"),
]
