from django.urls import path

from garden.api.souvenirs import SouvenirView
from garden.api.views import EmotionView, GardenFromDatabaseView

urlpatterns = [
    path("emotion", EmotionView.as_view(), name="emotion"),
    path("souvenir", SouvenirView.as_view(), name="souvenir-for-kiosk"),
    path("gardenfromDB", GardenFromDatabaseView.as_view(), name="garden-from-db"),
]
