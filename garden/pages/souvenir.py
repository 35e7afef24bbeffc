"""Souvenirs: the page of a picture that a visitor takes home, its short link and its file."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.models import Image
from garden.pages.about import LANGUAGES, activate_chosen_language
from garden.pages.words import MOOD_OF, WORDS
from garden.souvenirs.checking import check_picture
from garden.souvenirs.links import find_link, public_address, qr_file_of, qr_of
from garden.souvenirs.provenance import ProvenanceFinding, Signature

PAINTER = "painter"
IMPORTED = "import"
LOCALES = {"en": "en_GB", "ko": "ko_KR", "ja": "ja_JP"}
SIDES = (640, 1280)


@dataclass(frozen=True, slots=True)
class SouvenirPlace:
    """Where a souvenir is: its path, its address for other phones (empty: there is none), its file."""

    path: str
    address: str
    file: str


def page_of(request: HttpRequest, image: Image, place: SouvenirPlace) -> dict[str, Any]:
    """Everything that the template shows."""
    root = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    pictures = [reverse("picture", args=[side, image.key]) for side in SIDES]
    return {
        "image": image,
        "mood": MOOD_OF[image.emotion],
        "title": WORDS[f"garden_{image.emotion}"],
        "label": label_of(image),
        "caption": caption_of(image),
        "credentials": credentials_of(image),
        "place": place,
        "file_name": file_name_of(image),
        "picture": pictures[-1],
        "pictures": ", ".join(
            f"{address} {_width(image, side)}w" for address, side in zip(pictures, SIDES, strict=True)
        ),
        "shared_picture": f"{root}{pictures[-1]}",
        "shared_address": place.address or request.build_absolute_uri(place.path),
        "locale": LOCALES.get(get_language() or "en", LOCALES["en"]),
        "languages": [(code, name, f"?{_query(request, image, code)}") for code, name in LANGUAGES],
        "qr": mark_safe(qr_of(place.address)) if place.address else "",  # noqa: S308  # Drawn by us.
    }


def label_of(image: Image) -> str:
    """The picture in two words, shown beside it."""
    return _("Made by a program") if image.origin == PAINTER else _("Made by AI")


def caption_of(image: Image) -> str:
    """How the picture was made, as far as the garden knows."""
    if image.origin == PAINTER:
        return _("Made by the garden's own painter, a computer program. No AI image model was used.")
    if image.model:
        return _("Made by AI with the model %(model)s.") % {"model": image.model}
    if image.origin in (IMPORTED, ""):
        return _("Made by AI. The model's name came without the picture.")
    return _("Made by AI (%(origin)s).") % {"origin": image.origin}


def file_name_of(image: Image) -> str:
    """As a phone's album shows it: `emotion-garden-calm-img_20230320-121242_6h.jpeg`."""
    return f"emotion-garden-{image.emotion}-{image.key.rpartition('/')[2]}"


def _width(image: Image, side: int) -> int:
    """How wide a copy is whose long side has so many pixels."""
    return round(image.width * min(1, side / max(image.width, image.height)))


def _query(request: HttpRequest, image: Image, language: str) -> str:
    """Of the same page in a language."""
    content = {"content": image.key} if "content" in request.GET else {}
    return urlencode({**content, "lang": language}, quote_via=quote)


class EndedError(Exception):
    """The address was right once: the link has ended, or the picture was taken back."""


@require_safe
def souvenir(request: HttpRequest) -> HttpResponse:
    activate_chosen_language(request)
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
    activate_chosen_language(request)
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


def _place_of_key(request: HttpRequest, image: Image) -> SouvenirPlace:
    content = urlencode({"content": image.key}, quote_via=quote)
    path = f"{reverse('souvenir')}?{content}"
    return SouvenirPlace(path, public_address(request, path), f"{reverse('souvenir-file')}?{content}")


def _place_of_link(request: HttpRequest, code: str) -> SouvenirPlace:
    path = reverse("souvenir-link", args=[code])
    return SouvenirPlace(path, public_address(request, path), reverse("souvenir-link-file", args=[code]))


def _page(request: HttpRequest, image: Image, place: SouvenirPlace) -> HttpResponse:
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


WITHOUT_TRAINING = "/algorithmicMedia"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A state (for programs and icons), a headline, a sentence, and the facts that the signature covers."""

    state: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


TITLES: dict[Signature, Promise | str] = {
    Signature.UNKNOWN_SIGNER: gettext_lazy("Signed by an unknown signer"),
    Signature.EXPIRED: gettext_lazy("Signed, but the certificate has expired"),
    Signature.BROKEN: gettext_lazy("Changed after it was made"),
    Signature.MISSING: gettext_lazy("Not signed"),
}
SENTENCES: dict[Signature, Promise | str] = {
    Signature.VALID: gettext_lazy("We checked the file: it is exactly as this garden made it."),
    Signature.UNKNOWN_SIGNER: gettext_lazy(
        "The file is unchanged since it was signed, but its signer is not known here."
    ),
    Signature.EXPIRED: gettext_lazy(
        "The file is unchanged since it was signed. The certificate has expired since then."
    ),
    Signature.BROKEN: gettext_lazy(
        "The file was changed after it was made. What it says about its origin cannot be trusted."
    ),
    Signature.MISSING: gettext_lazy("The file carries no signature, so nobody can check where it comes from."),
}


def credentials_of(image: Image) -> Credentials:
    finding = check_picture(image)
    if finding is None:
        return Credentials("unchecked", _("Not checked"), _("The file could not be checked just now."))
    by_program = finding.source_type.endswith(WITHOUT_TRAINING)
    signed = _("Made by a program, signed") if by_program else _("Made by AI, signed")
    title = signed if finding.holds else str(TITLES[finding.signature])
    return Credentials(finding.signature.name.lower(), title, str(SENTENCES[finding.signature]), _facts(finding))


def _facts(finding: ProvenanceFinding) -> tuple[tuple[str, str], ...]:
    """Only of a file that is as it was signed: of any other they would be hearsay."""
    if finding.signature in (Signature.BROKEN, Signature.MISSING):
        return ()
    made_with = f"{finding.engine} {finding.model}".strip()
    facts = ((_("Signed by"), finding.signer), (_("Made with"), made_with), (_("Made on"), _day(finding.made_at)))
    return tuple((name, value) for name, value in facts if value)


def _day(made_at: str) -> str:
    try:
        moment = parse_datetime(made_at)
    except ValueError:
        return ""
    return date_format(moment, "DATE_FORMAT") if moment else ""
