"""The routes of curators; the lists of pictures are beside their pages."""

from django.urls import path

from curation.api.decisions import DecisionsView
from curation.api.operations import ActsView, ActView, UndoView
from curation.api.releases import CancelView, DiffView, ReleasesView, RollBackView
from curation.api.seeds import ClearIndexView, RemoveView, RetrieveView
from curation.api.walls import WallView

routes = [
    path("curation/decisions", DecisionsView.as_view(), name="decisions"),
    path("curation/acts", ActsView.as_view(), name="api-acts"),
    path("curation/acts/<uuid:pk>", ActView.as_view(), name="api-act"),
    path("curation/acts/<uuid:pk>/undo", UndoView.as_view(), name="api-undo"),
    path("curation/releases", ReleasesView.as_view(), name="api-releases"),
    path("curation/releases/<id:pk>/diff", DiffView.as_view(), name="api-diff"),
    path("curation/releases/<id:pk>/roll-back", RollBackView.as_view(), name="api-roll-back"),
    path("curation/releases/<id:pk>/cancel", CancelView.as_view(), name="api-cancel"),
    path("curation/walls/<str:zone>", WallView.as_view(), name="api-wall"),
    path("retrieve", RetrieveView.as_view(), name="retrieve"),
    path("remove", RemoveView.as_view(), name="remove"),
    path("removePool", RemoveView.as_view(), name="remove-pool"),
    path("clearIndex", ClearIndexView.as_view(), name="clear-index"),
]
