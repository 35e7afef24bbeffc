"""The page that tells anybody what the garden keeps of visitors, for how long, and who answers for it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garden.models import Kiosk
from garden.pages.about import where_from
from garden.privacy.policy import Policy
from garden.privacy.retention import days_kept
from garden.privacy.words import FACELESS_WORDS, WORDS

_RIGHTS = ("notice_rights", "notice_rights_in_person")


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("lang", "")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
    return render(request, "about/privacy.html", {**_told(), **where_from(request)})


def _told() -> dict[str, Any]:
    policies = list(_policies())
    rights = "notice_rights" if settings.PRIVACY_CONTACT else "notice_rights_staff"
    return {
        "notices": list(dict.fromkeys(tuple(_sentences(policy)) for policy in policies)),
        "kept": list(_kept(policies)),
        "rights": gettext(WORDS[rights]).format(contact=settings.PRIVACY_CONTACT),
        "controller": settings.PRIVACY_CONTROLLER,
    }


def _policies() -> Iterator[Policy]:
    """The site's, and those of kiosks that have rules of their own."""
    yield Policy.at(None)
    for kiosk in Kiosk.objects.order_by("privacy_pack", "context", "reader"):
        yield Policy.at(kiosk)


def _sentences(policy: Policy) -> Iterator[str]:
    """What is told before the camera looks, less the rights: they have a place of their own."""
    if not policy.reads_faces:
        words = {**WORDS, **FACELESS_WORDS}
        yield from (gettext(words[key]) for key in policy.notice.faceless_keys)
        return
    yield from (policy.notice.text(key) for key in policy.notice.keys if key not in _RIGHTS)


def _kept(policies: list[Policy]) -> Iterator[tuple[str | Promise, int]]:
    days = days_kept()
    yield _("A guess of mood, age group and gender, and what was liked, under a random number"), days.visitors
    yield _("Which pictures were shown together"), days.slates
    if any(policy.reads_faces and policy.pack.asks_consent for policy in policies):
        yield _("That somebody agreed to the reading of a face"), days.consents
    if any(policy.reads_faces for policy in policies):
        yield _("That a photo was received and erased, without anything of the photo"), days.record
