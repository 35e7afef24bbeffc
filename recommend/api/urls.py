from django.urls import path

from recommend.api.views import GardenView, LikeView

urlpatterns = [
    path("garden", GardenView.as_view(), name="garden"),
    path("like", LikeView.as_view(), name="like"),
]
