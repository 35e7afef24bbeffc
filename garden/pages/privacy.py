"""Privacy on pages: the kiosk's consent form, and the page of the notice."""

import json
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
from garden.pages.about import activate_chosen_language, where_from
from garden.pages.words import words_in_every_language
from garden.privacy.consent import Policy
from garden.privacy.notices import FACELESS_WORDS, FORM_WORDS, WORDS
from garden.privacy.retention import days_kept

_EVERY_WORD = {**WORDS, **FORM_WORDS, **FACELESS_WORDS}


def shown(policy: Policy) -> dict[str, Any]:
    """For the templates: sentences as `{key, text, values}`; `form` is empty where nothing is to be agreed to."""
    notice, pack = policy.notice, policy.pack
    asks = policy.reads_faces and pack.asks_consent
    form = {key: _sentence(policy, key) for key in FORM_WORDS} if asks or pack.forgets_at_goodbye else {}
    return {
        "reads_faces": policy.reads_faces,
        "title": gettext(FACELESS_WORDS["faceless_title"]),
        "notice": [_sentence(policy, key) for key in (notice.keys if policy.reads_faces else notice.faceless_keys[1:])],
        "asks": asks,
        "form": {**form, "age": pack.gate is not None} if form else {},
        "statements": [_sentence(policy, key) for key in pack.statements],
        "guardian": _sentence(policy, pack.guardian_statement) if pack.guardian_statement else None,
        "agreeing": _sentence(policy, "agree_sign" if pack.signed else "agree_yes"),
        "controller": settings.PRIVACY_CONTROLLER,
        "forgets_at_goodbye": pack.forgets_at_goodbye,
    }


def page_config(policy: Policy) -> dict[str, Any]:
    """For the scripts."""
    pack = policy.pack
    return {
        "readsFaces": policy.reads_faces,
        "asksConsent": policy.reads_faces and pack.asks_consent,
        "notice": policy.notice.version,
        "younger": pack.gate.younger.value if pack.gate else None,
        "signed": pack.signed,
        "forgetsAtGoodbye": pack.forgets_at_goodbye,
        "values": policy.notice.values,
    }


def words_with(policy: Policy) -> dict[str, dict[str, str]]:
    """The page's words by language, and those of these rules: blanks are filled in the page."""
    keys = [*policy.notice.sentences, "trouble_off"]
    if policy.pack.asks_consent or policy.pack.forgets_at_goodbye:
        keys += FORM_WORDS
    if not policy.reads_faces:
        keys += FACELESS_WORDS
    every = words_in_every_language()
    for language, words in every.items():
        with translation.override(language):
            words |= {key: gettext(_EVERY_WORD[key]) for key in keys}
    return every


def _sentence(policy: Policy, key: str) -> dict[str, str]:
    values = policy.notice.values
    return {"key": key, "text": gettext(_EVERY_WORD[key]).format(**values), "values": json.dumps(values)}


_RIGHTS = ("notice_rights", "notice_rights_in_person")


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    activate_chosen_language(request)
    return render(request, "about/privacy.html", {**_context(), **where_from(request)})


def _context() -> dict[str, Any]:
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
    """The notice before the camera is used, without the rights, which have their own place."""
    if not policy.reads_faces:
        words = {**WORDS, **FACELESS_WORDS}
        yield from (gettext(words[key]) for key in policy.notice.faceless_keys)
        return
    yield from (policy.notice.text(key) for key in policy.notice.keys if key not in _RIGHTS)


def _kept(policies: list[Policy]) -> Iterator[tuple[str | Promise, int]]:
    days = days_kept()
    yield _("A guess of mood, age group and gender, and the likes, under a random number"), days.visitors
    yield _("Which pictures were shown together"), days.slates
    if any(policy.reads_faces and policy.pack.asks_consent for policy in policies):
        yield _("Consent to face analysis"), days.consents
    if any(policy.reads_faces for policy in policies):
        yield _("That a photo was received and erased, without anything of the photo"), days.record
