from django.urls import path

from generation.api.hosts import SWITCHES, HostsView, SwitchHostsView
from generation.api.progress import JobProgressView
from generation.api.text2image import Text2ImageView
from generation.api.views import ACTIONS, BulkView, JobActionView, JobListView, JobView

urlpatterns = [
    path("text2image", Text2ImageView.as_view(), name="text2image"),
    path("bulk", BulkView.as_view(), name="bulk"),
    path("jobs", JobListView.as_view(), name="jobs"),
    path("jobs/<uuid:pk>", JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/progress", JobProgressView.as_view(), name="job-progress"),
    *(path(f"jobs/<uuid:pk>/{name}", JobActionView.as_view(action=name), name=f"job-{name}") for name in ACTIONS),
    path("gpu-hosts", HostsView.as_view(), name="gpu-hosts"),
    *(
        path(f"gpu-hosts/{switch}", SwitchHostsView.as_view(switch=switch), name=f"gpu-hosts-{switch}")
        for switch in SWITCHES
    ),
]
