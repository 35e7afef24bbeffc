from django.urls import path, re_path

from garden.api.displays import ManifestView, SendToWallView, SlotPictureView, UpdateDisplayView
from garden.api.heartbeat import HeartbeatView
from garden.api.souvenirs import SouvenirView
from garden.api.views import EmotionView, GardenFromDatabaseView

urlpatterns = [
    path("emotion", EmotionView.as_view(), name="emotion"),
    path("souvenir", SouvenirView.as_view(), name="souvenir-for-kiosk"),
    path("heartbeat", HeartbeatView.as_view(), name="heartbeat"),
    path("gardenfromDB", GardenFromDatabaseView.as_view(), name="garden-from-db"),
    path("updateDisplay", UpdateDisplayView.as_view(), name="update-display"),
    path("sendToWall", SendToWallView.as_view(), name="send-to-wall"),
    path("wall/<str:zone>/manifest", ManifestView.as_view(), name="wall-manifest"),
    re_path(r"^display/(?P<zone>[^/]+)/img(?P<slot>[1-8][hv])\.jpeg$", SlotPictureView.as_view(), name="slot-picture"),
]
