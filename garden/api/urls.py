from django.urls import path, re_path

from garden.api.consent import ConsentView, ForgetView
from garden.api.displays import ManifestView, SendToWallView, SlotPictureView, UpdateDisplayView
from garden.api.kiosks import HeartbeatView, SouvenirView
from garden.api.readings import GuessView, ReadingView
from garden.api.views import EmotionView, GardenFromDatabaseView, VersionView

urlpatterns = [
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
