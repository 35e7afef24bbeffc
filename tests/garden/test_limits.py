"""What becomes of a body that nobody read."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from garden.limits import DrainBodyMiddleware


def photo() -> HttpRequest:
    request: HttpRequest = RequestFactory().post("/emotion", b"\xff" * 3_000_000, content_type="image/jpeg")
    return request


def test_it_hears_out_a_request_that_was_refused_unread() -> None:
    request = photo()
    assert DrainBodyMiddleware(lambda _request: HttpResponse(status=401))(request).status_code == 401
    assert request.read() == b""


def test_it_leaves_a_body_alone_until_it_was_answered() -> None:
    heard: list[int] = []

    def read(request: HttpRequest) -> HttpResponse:
        heard.append(len(request.body))
        return HttpResponse()

    DrainBodyMiddleware(read)(photo())
    assert heard == [3_000_000]
