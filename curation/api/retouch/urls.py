"""The routes of the retouch studio."""

from django.urls import path

from curation.api.retouch import canvases, spreading, versions, words
from curation.api.retouch.credits import CreditsView

HOME = "curation/retouch"
CANVAS, VERSION = f"{HOME}/canvases/<uuid:pk>", f"{HOME}/versions/<uuid:pk>"
routes = [
    path(f"{HOME}/options", words.OptionsView.as_view(), name="api-retouch-options"),
    path(f"{HOME}/credits", CreditsView.as_view(), name="api-credits"),
    path(f"{HOME}/words", words.WordsView.as_view(), name="api-retouch-words"),
    path(f"{HOME}/presets", words.PresetsView.as_view(), name="api-retouch-presets"),
    path(f"{HOME}/presets/<id:pk>/delete", words.PresetView.as_view(), name="api-retouch-preset"),
    path(f"{HOME}/readings/<uuid:pk>", words.ReadingView.as_view(), name="api-reading"),
    path(f"{HOME}/canvases", canvases.CanvasesView.as_view(), name="api-canvases"),
    path(CANVAS, canvases.CanvasView.as_view(), name="api-canvas"),
    path(f"{CANVAS}/picture", canvases.CanvasPictureView.as_view(), name="api-canvas-picture"),
    path(f"{CANVAS}/outline", canvases.OutlineView.as_view(), name="api-outline"),
    path(f"{CANVAS}/tags", words.TagsView.as_view(), name="api-tags"),
    path(f"{CANVAS}/head", canvases.HeadView.as_view(), name="api-head"),
    path(f"{CANVAS}/compare", canvases.CompareView.as_view(), name="api-compare"),
    path(f"{HOME}/versions", versions.VersionsView.as_view(), name="api-versions"),
    path(VERSION, versions.VersionView.as_view(), name="api-version"),
    path(f"{VERSION}/picture", versions.VersionPictureView.as_view(), name="api-version-picture"),
    path(f"{VERSION}/layers/<slug:name>", versions.LayerView.as_view(), name="api-layer"),
    path(f"{VERSION}/opacity", versions.OpacityView.as_view(), name="api-opacity"),
    path(f"{VERSION}/siblings", spreading.SiblingsView.as_view(), name="api-siblings"),
    path(f"{VERSION}/publish", spreading.PublishView.as_view(), name="api-publish-version"),
    *(
        path(f"{VERSION}/{verb}", versions.SteerVersionView.as_view(verb=verb), name=f"api-version-{verb}")
        for verb in versions.STEERING
    ),
]
