from django.urls import path

from generation.api.text2image import Text2ImageView
from generation.api.views import ACTIONS, BulkView, JobActionView, JobListView, JobView

urlpatterns = [
    path("text2image", Text2ImageView.as_view(), name="text2image"),
    path("bulk", BulkView.as_view(), name="bulk"),
    path("jobs", JobListView.as_view(), name="jobs"),
    path("jobs/<uuid:pk>", JobView.as_view(), name="job"),
    re_path(
        rf"^jobs/(?P<pk>[0-9a-f-]{{36}})/(?P<action>{'|'.join(ACTIONS)})$", JobActionView.as_view(), name="job-action"
    ),
]
