"""Routes of the site; each app has its own module of routes."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from garden.api.views import DocumentView
from garden.storage.keys import POOL, SERVING
from garden.storage.serving import serve_picture, serve_signed_picture

admin.autodiscover()
handler400 = "garden.pages.errors.answer_bad_request"
handler403 = "garden.pages.errors.answer_forbidden"
handler404 = "garden.pages.errors.answer_not_found"
handler500 = "garden.pages.errors.answer_failure"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="kiosk", query_string=True)),
    path("", include("garden.api.urls")),
    path("", include("recommend.api.urls")),
    path("", include("generation.api.urls")),
    path("", include("garden.pages.urls")),
    path("", include("curation.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/schema/", DocumentView.as_view(), name="schema"),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("garden/glyphs/sunflower.svg"))),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    re_path(r"^media/(?P<path>.+)$", serve_picture),
    re_path(rf"^(?P<path>(?:{SERVING}|{POOL})/.+)$", serve_picture),
    re_path(rf"^signed/(?P<signature>[^/]+)/(?P<path>(?:{SERVING}|{POOL})/.+)$", serve_signed_picture, name="signed"),
]
