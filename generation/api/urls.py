from django.urls import path

from generation.api.growing import GrowthStageView, GrowthView, GrowView
from generation.api.hosts import SWITCHES, HostsView, IdleTimeView, SwitchHostsView
from generation.api.jobs import BulkView, JobActionView, JobListView, JobProgressView, JobView
from generation.api.seeds.render import EdgeView, GenerateView, UsernameView
from generation.api.seeds.sd_service import AppServerStatusView, AutoTerminationView, InfraControlView, InfraStatusView
from generation.api.text2image import Text2ImageView
from generation.jobs import ACTIONS

urlpatterns = [
    path("grow", GrowView.as_view(), name="grow"),
    path("grow/<uuid:pk>", GrowthView.as_view(), name="growth"),
    path("grow/<uuid:pk>/<int:number>", GrowthStageView.as_view(), name="growth-stage"),
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
    path("gpu-hosts/idle", IdleTimeView.as_view(), name="gpu-hosts-idle"),
    path("user/username", UsernameView.as_view(), name="user-username"),
    path("render/edge", EdgeView.as_view(), name="render-edge"),
    path("render/generate", GenerateView.as_view(), name="render-generate"),
    path("sd-service/infra/status", InfraStatusView.as_view(), name="sd-infra-status"),
    path("sd-service/infra/control", InfraControlView.as_view(), name="sd-infra-control"),
    path("sd-service/infra/auto-termination", AutoTerminationView.as_view(), name="sd-auto-termination"),
    path("sd-service/app-server/status", AppServerStatusView.as_view(), name="sd-app-server-status"),
]
