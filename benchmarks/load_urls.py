"""The peer: a Django view that does nothing, behind the same server and middleware, asked with the same bodies."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    _ = request.body
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bare", bare), path("", include("garden.urls"))]
