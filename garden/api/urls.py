from django.urls import path

from garden.api.views import EmotionView, GardenFromDatabaseView

urlpatterns = [
    path("emotion", EmotionView.as_view(), name="emotion"),
    path("gardenfromDB", GardenFromDatabaseView.as_view(), name="garden-from-db"),
]
