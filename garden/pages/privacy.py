"""What the kiosk page shows and asks by the rules of its place."""

import json
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from garden.pages.words import words_in_every_language
from garden.privacy.policy import Policy
from garden.privacy.words import FACELESS_WORDS, FORM_WORDS, WORDS

_EVERY_WORD = {**WORDS, **FORM_WORDS, **FACELESS_WORDS}


def shown(policy: Policy) -> dict[str, Any]:
    """For the templates: sentences as `{key, text, values}`; `form` is empty where nothing is to be agreed to."""
    notice, pack = policy.notice, policy.pack
    asks = policy.reads_faces and pack.asks_consent
    form = {key: _said(policy, key) for key in FORM_WORDS} if asks or pack.forgets_at_goodbye else {}
    return {
        "reads_faces": policy.reads_faces,
        "title": gettext(FACELESS_WORDS["faceless_title"]),
        "notice": [_said(policy, key) for key in (notice.keys if policy.reads_faces else notice.faceless_keys[1:])],
        "asks": asks,
        "form": {**form, "age": pack.gate is not None} if form else {},
        "statements": [_said(policy, key) for key in pack.statements],
        "guardian": _said(policy, pack.guardian_statement) if pack.guardian_statement else None,
        "agreeing": _said(policy, "agree_sign" if pack.signed else "agree_yes"),
        "controller": settings.PRIVACY_CONTROLLER,
        "forgets_at_goodbye": pack.forgets_at_goodbye,
    }


def told_to_page(policy: Policy) -> dict[str, Any]:
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


def _said(policy: Policy, key: str) -> dict[str, str]:
    values = policy.notice.values
    return {"key": key, "text": gettext(_EVERY_WORD[key]).format(**values), "values": json.dumps(values)}
