from django.urls import path

from garden.pages import views

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/pair/", views.pair, name="kiosk-pair"),
    path("image", views.souvenir, name="souvenir"),
    path("image/code.svg", views.souvenir_code, name="souvenir-code"),
]
