"""What a pack's notice says, in every language, and its version: a hash of all its words."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from garden.faces.registry import photo_recipient
from garden.privacy.packs import Pack, days_of
from garden.privacy.words import WORDS
from garden.vocabulary import Reader


def spoken(wanted: str) -> str:
    """The language that was asked for, else the site's."""
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


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
        asked = [self.pack.name.value, self.pack.signed, self.pack.forgets_at_goodbye, words]
        digest = hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
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
        """What is said here: a place without an address for visitors leads them to its staff."""
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
