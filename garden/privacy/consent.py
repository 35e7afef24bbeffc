"""Which rules hold at a kiosk, why a face is not read there, and the consent that visitors give."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings

from garden.errors import GardenError
from garden.faces.base import FaceReading
from garden.faces.registry import photo_recipient
from garden.models import Consent, Kiosk
from garden.privacy.notices import Notice
from garden.privacy.packs import PACKS, Pack, Younger, may_read_faces
from garden.vocabulary import Reader


class NotReadError(GardenError):
    status: ClassVar[int] = 403


class FaceReadingOffError(NotReadError):
    """The site, or the place of this kiosk, reads no faces."""

    code = "face_reading_off"


class PhotoUnwantedError(NotReadError):
    """The kiosk is set to read faces itself: a photo from it would break the notice that its visitors read."""

    code = "photo_unwanted"


class ReadingUnwantedError(NotReadError):
    """The kiosk is not set to read faces itself: its photos are read here."""

    code = "reading_unwanted"


class ConsentRequiredError(NotReadError):
    """`notice` and `statements` are what is to be agreed to at `/consent` first."""

    code = "consent_required"


class ConsentRefusedError(GardenError):
    """The consent does not match what the notice requires."""

    code = "consent_incomplete"
    status = 400


class TooYoungError(NotReadError):
    """The estimate is below the age at which this place reads faces."""

    code = "too_young"


@dataclass(frozen=True, slots=True)
class Policy:
    """A kiosk's own pack and place, or the site's."""

    pack: Pack
    context: str
    reader: Reader = Reader.SERVER

    @classmethod
    def at(cls, kiosk: Kiosk | None) -> Self:
        pack = (kiosk and kiosk.privacy_pack) or settings.PRIVACY_PACK
        context = (kiosk and kiosk.context) or settings.SITE_CONTEXT
        return cls(PACKS[pack], context, Reader(kiosk.reader) if kiosk else Reader.SERVER)

    @property
    def notice(self) -> Notice:
        return Notice(self.pack, self.reader)

    @property
    def reads_faces(self) -> bool:
        return bool(settings.FACE_READING) and may_read_faces(self.context) and self.keeps_photos

    @property
    def keeps_photos(self) -> bool:
        """Whether the analyzer sends no photo away where the pack forbids it."""
        return self.pack.lets_photos_out or self.reader is Reader.IN_BROWSER or not photo_recipient()

    def refuse_reading(self) -> None:
        """Raise FaceReadingOffError where no face may be read."""
        if self.reads_faces:
            return
        if not self.keeps_photos:
            raise FaceReadingOffError(f"Photos must stay on this site ({self.pack.name.value}): no face is read.")
        if may_read_faces(self.context):
            raise FaceReadingOffError("This garden reads no faces; visitors choose their mood themselves.")
        detail = f"No face is read where people work or learn ({self.context}): EU AI Act, Article 5(1)(f)."
        raise FaceReadingOffError(detail, context=self.context)

    def refuse_photo(self) -> None:
        """Raises PhotoUnwantedError where the notice promises that no photo leaves the kiosk."""
        if self.reader is Reader.IN_BROWSER:
            raise PhotoUnwantedError("This kiosk reads faces itself: its photos are not taken here.")

    def refuse_own_reading(self) -> None:
        """Raise ReadingUnwantedError where the server is to read."""
        if self.reader is not Reader.IN_BROWSER:
            raise ReadingUnwantedError("Only a kiosk that is set to read faces itself may send a reading.")

    def admit(self, number: str) -> Consent | None:
        """The consent that a photo or a reading comes with. Raises FaceReadingOffError or ConsentRequiredError."""
        self.refuse_reading()
        consent = _consent_numbered(number, self.notice.version)
        if consent is None and self.pack.asks_consent:
            detail = "A face is read here only after consent: agree at /consent, then send its number as X-Consent."
            raise ConsentRequiredError(
                detail, notice=self.notice.version, statements=list(self.pack.statements), pack=self.pack.name.value
            )
        return consent

    def refuse_young(self, reading: FaceReading, consent: Consent | None) -> None:
        """Raise TooYoungError where the estimate is too low, unless a guardian agreed."""
        gate = self.pack.gate
        if gate is None or (consent is not None and consent.by == "guardian"):
            return
        estimate = reading.age_low if gate.surely else (reading.age_low + reading.age_high) / 2
        if estimate < gate.age:
            raise TooYoungError(f"Faces of people under {gate.age} are not read here.", age=gate.age)


def _consent_numbered(number: str, version: str) -> Consent | None:
    """A consent of a moment ago, to the current version of the notice."""
    try:
        consent = UUID(number)
    except ValueError:
        return None
    return Consent.objects.valid().filter(pk=consent, notice=version).first()


def give_consent(
    *,
    kiosk: Kiosk | None,
    notice: str,
    language: str,
    statements: Sequence[str],
    of_age: bool,
    guardian: bool = False,
    signed: bool = False,
) -> Consent:
    """Raises FaceReadingOffError, or ConsentRefusedError that says what is missing."""
    policy = Policy.at(kiosk)
    policy.refuse_reading()
    if notice != policy.notice.version:
        raise ConsentRefusedError("The notice has changed: show it again.", notice=policy.notice.version)
    by_guardian = _is_by_guardian(policy, of_age=of_age, guardian=guardian)
    _refuse_unticked(policy, statements, by_guardian=by_guardian)
    if policy.pack.signed and not signed:
        raise ConsentRefusedError("This consent must be signed.", signed=True)
    return Consent.objects.create(
        kiosk=kiosk,
        pack=policy.pack.name.value,
        notice=notice,
        language=language,
        statements=sorted(set(statements)),
        by=Consent.By.GUARDIAN if by_guardian else Consent.By.VISITOR,
        signed=signed,
    )


def _is_by_guardian(policy: Policy, *, of_age: bool, guardian: bool) -> bool:
    gate = policy.pack.gate
    if gate is None or of_age:
        return False
    if gate.younger is Younger.NOT_READ:
        raise ConsentRefusedError(f"Faces of people under {gate.age} are not read here.", age=gate.age)
    if not guardian:
        raise ConsentRefusedError(f"Under {gate.age} a parent or guardian must agree.", age=gate.age)
    return True


def _refuse_unticked(policy: Policy, statements: Sequence[str], *, by_guardian: bool) -> None:
    required = [*policy.pack.statements, *([policy.pack.guardian_statement] if by_guardian else [])]
    missing = [statement for statement in required if statement not in statements]
    if missing:
        raise ConsentRefusedError("Not everything was agreed to.", missing=missing)
