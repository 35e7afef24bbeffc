"""The notices of packs: their words in every language, and a version that is a hash of all of them."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from garden.faces.registry import photo_recipient
from garden.privacy.packs import Pack, days_of
from garden.vocabulary import Reader

WORDS: dict[str, str] = {
    "consent_once": _("A few photos of one moment are taken, to guess your mood, age group and gender."),
    "consent_local": _("The photos are read on our own server only and erased at once. None is saved."),
    "consent_remote": _(
        "The photos are sent to a face service outside this site, which reads them: {service}. We do not save them."
    ),
    "consent_on_device": _("This kiosk reads the photos itself and erases them at once. No photo leaves this device."),
    "consent_kept": _(
        "A guess of your mood, age group and gender, and what you liked, are kept under a random number that the "
        "last screen shows."
    ),
    "consent_kept_days": _(
        "Kept for at most {days} days, under a random number that the last screen shows: a guess of your mood, age "
        "group and gender, and what you liked."
    ),
    "notice_emotion_ai": _(
        "An emotion recognition program (AI) guesses emotion, age group and gender from your face. It can be wrong."
    ),
    "notice_free": _("You are free to say no. Without camera you get the same garden."),
    "notice_rights": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff, or {contact}."
    ),
    "notice_rights_in_person": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff."
    ),
    "notice_rights_staff": _(
        "You may see or delete what is kept. Ask the staff, with the number that the last screen showed."
    ),
    "notice_purpose": _("Purpose: to choose pictures that suit your mood, and to choose better later."),
    "notice_items": _(
        "Collected: at most three photos of your face (not saved), from them a guess of mood, age group and gender, "
        "what you liked and were shown, and this consent."
    ),
    "notice_refuse": _("You may refuse. Then you choose your mood yourself, and lose nothing."),
    "notice_geometry": _(
        "The shape of your face is measured in at most three photos, to guess your mood, age group and gender. It is "
        "not used to recognise you."
    ),
    "notice_term": _("The measurements are destroyed within seconds, before the result is shown. None is stored."),
    "notice_no_sale": _("Photos and measurements are never sold, rented, traded or shown to anyone."),
    "notice_goodbye": _("When you leave, the guesses are deleted, and so is the link between you and what you liked."),
    "agree_collection": _(
        "I agree that what was just listed is collected and used, for the purpose and the time that were told."
    ),
    "agree_face_reading": _(
        "I explicitly agree that a program (AI) reads my face, to guess my mood, age group and gender."
    ),
    "agree_guardian": _("I am this child's parent or legal guardian, and I agree for them."),
    "release_informed": _("I have read what is collected, why, and for how long it is kept."),
    "release_signed": _(
        "With this written release I agree that my face is measured for this purpose. Touching “Sign and agree” is my"
        " signature."
    ),
    "release_guardian": _("I am this minor's legally authorized representative, and I sign this release for them."),
}

FORM_WORDS: dict[str, str] = {
    "agree_title": _("Before the photo is taken"),
    "agree_age": _("How old are you?"),
    "agree_of_age": _("I am {age} or older"),
    "agree_younger": _("I am younger than {age}"),
    "agree_not_read": _(
        "The camera here is for people of {age} or older. Choose your mood yourself: the garden is the same."
    ),
    "agree_read": _("Please read, and tick what you agree to."),
    "agree_yes": _("I agree"),
    "agree_sign": _("Sign and agree"),
    "agree_camera_hint": _("The photo is taken once"),
    "agree_who": _("Controller: {controller}"),
    "trouble_notice": _("These words have just changed. Please read them again."),
    "trouble_consent": _("Please agree once more before the photo is taken."),
    "trouble_young": _(
        "The camera here has an age limit, and the guess of your age may be wrong. Please choose your mood yourself."
    ),
    "trouble_off": _("No face is read here. Please choose your mood yourself."),
    "goodbye_forgotten": _("What was guessed about you is deleted, and so is the record of whose likes these were."),
}
FACELESS_WORDS: dict[str, str] = {
    "faceless_title": _("Here you choose your mood yourself."),
    "faceless_promise": _("No face is read here. The camera stays off."),
    "faceless_kept": _("Your mood and what you liked are kept under a random number that the last screen shows."),
}


def spoken(language: str) -> str:
    """The requested language, else the site's."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Notice:
    pack: Pack
    reader: Reader = Reader.SERVER

    @property
    def keys(self) -> list[str]:
        """The words of the notice, in order; who reads the photo is the kiosk's choice, then the site's of analyzer."""
        return [self._worded(key) for key in self.pack.notice]

    @property
    def faceless_keys(self) -> tuple[str, ...]:
        """The title and the words of a notice where no face is read."""
        kept = "notice_goodbye" if self.pack.forgets_at_goodbye else "faceless_kept"
        return "faceless_title", "faceless_promise", kept

    @property
    def values(self) -> dict[str, str | int]:
        """What fills the blanks of its words."""
        kept = days_of(self.pack)
        return {
            "days": kept.visitors,
            "likes_days": kept.interactions,
            "slates_days": kept.slates,
            "consent_days": kept.consents,
            "age": self.pack.gate.age if self.pack.gate else 0,
            "controller": settings.PRIVACY_CONTROLLER,
            "contact": settings.PRIVACY_CONTACT,
            "service": photo_recipient(),
        }

    @property
    def version(self) -> str:
        words = [self.texts(language) for language, _name in settings.LANGUAGES]
        content = [self.pack.name.value, self.pack.signed, self.pack.forgets_at_goodbye, words]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
        return digest[:VERSION_LENGTH]

    @property
    def sentences(self) -> list[str]:
        """The keys of every sentence that a visitor reads or ticks."""
        guardian = [self.pack.guardian_statement] if self.pack.guardian_statement else []
        return [*self.keys, *self.pack.statements, *guardian]

    def texts(self, language: str) -> dict[str, str]:
        """Every sentence that a visitor reads or ticks, by its key."""
        with translation.override(language):
            return {key: self.text(key) for key in self.sentences}

    def text(self, key: str) -> str:
        """In the language that is spoken now."""
        return gettext(WORDS[key]).format(**self.values)

    def _worded(self, key: str) -> str:
        """Where to write: a site without an address for visitors names its staff."""
        if key == "consent_reader":
            return self._read_by
        return key if key != "notice_rights" or settings.PRIVACY_CONTACT else "notice_rights_in_person"

    @property
    def _read_by(self) -> str:
        """Whether the photo stays on this device or our own computers: if not, the notice must say who gets it."""
        if self.reader is Reader.IN_BROWSER:
            return "consent_on_device"
        return "consent_remote" if photo_recipient() else "consent_local"

    def describe(self, language: str) -> dict[str, Any]:
        """For programs: what is to be shown and agreed to."""
        texts = self.texts(language)
        gate = self.pack.gate
        return {
            "pack": self.pack.name.value,
            "notice": self.version,
            "required": self.pack.asks_consent,
            "signed": self.pack.signed,
            "words": [texts[key] for key in self.keys],
            "statements": {key: texts[key] for key in self.pack.statements},
            "guardianStatement": {key: texts[key] for key in [self.pack.guardian_statement] if key},
            "age": None if gate is None else {"atLeast": gate.age, "younger": gate.younger.value},
        }
