"""The pages of one picture on a visitor's phone: by its short link, or by its key as the seeds' clients ask."""

from urllib.parse import quote, unquote, urlencode

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.models import Image
from garden.pages.souvenir import Place, file_name_of, page_of
from garden.souvenirs.addresses import public_address
from garden.souvenirs.codes import qr_file_of
from garden.souvenirs.links import find_link


class EndedError(Exception):
    """The address was right once: the link has ended, or the picture was taken back."""


@require_safe
def souvenir(request: HttpRequest) -> HttpResponse:
    _speak(request)
    try:
        image = _served_image(request)
    except Http404:
        return _missing(request)
    return _page(request, image, _place_of_key(request, image))


@require_safe
def souvenir_code(request: HttpRequest) -> HttpResponse:
    place = _place_of_key(request, _served_image(request))
    return _drawing(place.address or request.build_absolute_uri(place.path))


@require_safe
def souvenir_file(request: HttpRequest) -> HttpResponseBase:
    return _download(_served_image(request))


@never_cache
@require_safe
def souvenir_link(request: HttpRequest, code: str) -> HttpResponse:
    _speak(request)
    try:
        image = _linked_image(code)
    except Http404:
        return _missing(request)
    except EndedError:
        return render(request, "souvenir/ended.html", status=410)
    return _page(request, image, _place_of_link(request, code))


@never_cache
@require_safe
def souvenir_link_code(request: HttpRequest, code: str) -> HttpResponse:
    _alive(code)
    address = _place_of_link(request, code).address
    if not address:
        raise Http404
    return _drawing(address)


@never_cache
@require_safe
def souvenir_link_file(request: HttpRequest, code: str) -> HttpResponseBase:
    return _download(_alive(code))


def _linked_image(code: str) -> Image:
    link = find_link(code)
    if link is None:
        raise Http404
    image = Image.objects.viewable().filter(pk=link.image_id).first()
    if image is None or link.expires_at <= timezone.now():
        raise EndedError
    return image


def _alive(code: str) -> Image:
    try:
        return _linked_image(code)
    except EndedError:
        raise Http404 from None


def _served_image(request: HttpRequest) -> Image:
    """`+` in the query is a plus first, as clients write keys into it, and only then a form's space."""
    sent = [unquote(part[8:]) for part in request.META["QUERY_STRING"].split("&") if part.startswith("content=")]
    texts = [*sent[-1:], request.GET.get("content", "")]
    found = Image.objects.viewable().by_key_or_url(texts)
    for text in texts:
        if text in found:
            return found[text]
    raise Http404


def _place_of_key(request: HttpRequest, image: Image) -> Place:
    content = urlencode({"content": image.key}, quote_via=quote)
    path = f"{reverse('souvenir')}?{content}"
    return Place(path, public_address(request, path), f"{reverse('souvenir-file')}?{content}")


def _place_of_link(request: HttpRequest, code: str) -> Place:
    path = reverse("souvenir-link", args=[code])
    return Place(path, public_address(request, path), reverse("souvenir-link-file", args=[code]))


def _page(request: HttpRequest, image: Image, place: Place) -> HttpResponse:
    response = render(request, "souvenir/souvenir.html", page_of(request, image, place))
    response["X-Robots-Tag"] = "noindex"
    return response


def _missing(request: HttpRequest) -> HttpResponse:
    return render(request, "souvenir/missing.html", status=404)


def _drawing(address: str) -> HttpResponse:
    return HttpResponse(qr_file_of(address), content_type="image/svg+xml")


def _download(image: Image) -> HttpResponseBase:
    try:
        file = default_storage.open(image.key)
    except OSError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=file_name_of(image))


def _speak(request: HttpRequest) -> None:
    """The language that was chosen on the page; without a choice the phone's own, as everywhere."""
    wanted = request.GET.get("lang", "")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
