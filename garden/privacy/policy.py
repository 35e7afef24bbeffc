"""Which rules hold at a kiosk, and what they say to a photo."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings

from garden.emotion.registry import photo_recipient
from garden.privacy.contexts import may_read_faces
from garden.privacy.errors import (
    ConsentRequiredError,
    FaceReadingOffError,
    PhotoUnwantedError,
    ReadingUnwantedError,
    TooYoungError,
)
from garden.privacy.notices import Notice
from garden.privacy.packs import PACKS, Pack
from garden.vocabulary import Reader

if TYPE_CHECKING:
    from garden.emotion.base import FaceReading
    from garden.models import Consent, Kiosk


@dataclass(frozen=True, slots=True)
class Policy:
    """A kiosk's own pack and place, or the site's."""

    pack: Pack
    context: str
    reader: Reader = Reader.SERVER

    @classmethod
    def at(cls, kiosk: "Kiosk | None") -> Self:
        pack = (kiosk and kiosk.privacy_pack) or settings.PRIVACY_PACK
        context = (kiosk and kiosk.context) or settings.SITE_CONTEXT
        return cls(PACKS[pack], context, Reader(kiosk.reader) if kiosk else Reader.SERVER)

    @property
    def notice(self) -> Notice:
        return Notice(self.pack, self.reader)

    @property
    def reads_faces(self) -> bool:
        return bool(settings.FACE_READING) and may_read_faces(self.context) and self.keeps_its_word

    @property
    def keeps_its_word(self) -> bool:
        """A pack under which photos stay in the house needs an analyzer that keeps them there."""
        return self.pack.lets_photos_out or self.reader is Reader.IN_BROWSER or not photo_recipient()

    def refuse_reading(self) -> None:
        """Raise FaceReadingOffError where no face may be read."""
        if self.reads_faces:
            return
        if not self.keeps_its_word:
            raise FaceReadingOffError(f"Photos stay in the house here ({self.pack.name.value}): no face is read.")
        if may_read_faces(self.context):
            raise FaceReadingOffError("This garden reads no faces; visitors choose their mood themselves.")
        detail = f"No face is read where people work or learn ({self.context}): EU AI Act, Article 5(1)(f)."
        raise FaceReadingOffError(detail, context=self.context)

    def refuse_photo(self) -> None:
        """Raise PhotoUnwantedError where visitors were told that no photo leaves the kiosk."""
        if self.reader is Reader.IN_BROWSER:
            raise PhotoUnwantedError("This kiosk reads faces itself: its photos are not taken here.")

    def refuse_own_reading(self) -> None:
        """Raise ReadingUnwantedError where the server is to read."""
        if self.reader is not Reader.IN_BROWSER:
            raise ReadingUnwantedError("Only a kiosk that is set to read faces itself may send a reading.")

    def admit(self, number: str) -> "Consent | None":
        """The consent that a photo or a reading comes with. Raises FaceReadingOffError or ConsentRequiredError."""
        self.refuse_reading()
        consent = _consent_numbered(number, self.notice.version)
        if consent is None and self.pack.asks_consent:
            detail = "A face is read here only after consent: agree at /consent, then send its number as X-Consent."
            raise ConsentRequiredError(
                detail, notice=self.notice.version, statements=list(self.pack.statements), pack=self.pack.name.value
            )
        return consent

    def refuse_young(self, reading: "FaceReading", consent: "Consent | None") -> None:
        """Raise TooYoungError where the estimate says so, unless a guardian agreed and may."""
        gate = self.pack.gate
        if gate is None or (consent is not None and consent.by == "guardian"):
            return
        estimate = reading.age_low if gate.surely else (reading.age_low + reading.age_high) / 2
        if estimate < gate.age:
            raise TooYoungError(f"Faces of people under {gate.age} are not read here.", age=gate.age)


def _consent_numbered(number: str, version: str) -> "Consent | None":
    """One that was given a moment ago, to the words that hold now."""
    from garden.models import Consent

    try:
        wanted = UUID(number)
    except ValueError:
        return None
    return Consent.objects.valid().filter(pk=wanted, notice=version).first()
