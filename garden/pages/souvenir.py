"""What a souvenir says about its picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from garden.models import Image
from garden.pages.credentials import credentials_of
from garden.pages.moods import MOOD_OF
from garden.pages.words import WORDS
from garden.souvenirs.codes import qr_of

PAINTER = "painter"
IMPORTED = "import"
LOCALES = {"en": "en_GB", "ko": "ko_KR", "ja": "ja_JP"}
SIDES = (640, 1280)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a souvenir is: its path, its address for other phones (empty: there is none), its file."""

    path: str
    address: str
    file: str


def page_of(request: HttpRequest, image: Image, place: Place) -> dict[str, Any]:
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
        "languages": [(code, name, f"?{query}") for code, name, query in _languages(request, image)],
        "qr": _drawn(place.address) if place.address else "",
    }


def label_of(image: Image) -> str:
    """In two words what the picture is; on the page it stands beside the picture itself."""
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


def _drawn(address: str) -> SafeString:
    return mark_safe(qr_of(address))  # noqa: S308  # Drawn by us from an address we built: nothing to escape.


def _width(image: Image, side: int) -> int:
    """How wide a copy is whose long side has so many pixels."""
    return round(image.width * min(1, side / max(image.width, image.height)))


def _languages(request: HttpRequest, image: Image) -> Iterator[tuple[str, str, str]]:
    """Code, own name and query of the same page in each language."""
    content = {"content": image.key} if "content" in request.GET else {}
    for code, name in (("en", "English"), ("ko", "한국어"), ("ja", "日本語")):
        yield code, name, urlencode({**content, "lang": code}, quote_via=quote)
