"""Pages for machines that watch: before hosts are checked and http:// is sent to https://, as probes know neither."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.log import log_response

from garden.seeing.access import may_read_measures
from garden.seeing.exposition import CONTENT_TYPE, write_measures
from garden.seeing.health import reasons_not_ready


def live(request: HttpRequest) -> HttpResponse:
    """This process takes requests. Asks nobody else: a restart would mend none of them."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """A 503 is this probe's word for "not yet", and no error of the log: Django would write one for each."""
    reasons = reasons_not_ready()
    response = JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)
    if reasons:
        log_response("Not ready: %s", ", ".join(reasons), response=response, request=request, level="debug")
    return response


def measures(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. To strangers the page does not exist."""
    if not may_read_measures(request):
        raise Http404
    return HttpResponse(write_measures(), content_type=CONTENT_TYPE)


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": live,
    "/healthz/live": live,
    "/healthz/ready": ready,
    "/metrics": measures,
}


class OperatorPages:
    """Middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = PAGES.get(request.path_info)
        if page is None or request.method not in ("GET", "HEAD"):
            return self._get_response(request)
        try:
            response = page(request)
        except Http404:
            return self._get_response(request)  # Where nothing is, the site's own page says so.
        response.headers["Cache-Control"] = "no-store"
        return response
