"""What a site requires before a face is read: one definition for each, and where no face may be read at all.

The laws behind them: docs/explanation/privacy.md.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings


class SiteContext(StrEnum):
    MUSEUM = "museum"
    EXHIBITION = "exhibition"
    EVENT = "event"
    SHOP = "shop"
    HOTEL = "hotel"
    PUBLIC_SPACE = "public-space"
    WORKPLACE = "workplace"
    SCHOOL = "school"


FORBIDDEN = frozenset({SiteContext.WORKPLACE, SiteContext.SCHOOL})


def may_read_faces(context: str) -> bool:
    return context not in FORBIDDEN


class PackName(StrEnum):
    OPEN = "open"
    EU = "eu"
    KOREA = "korea"
    JAPAN = "japan"
    ILLINOIS = "us-illinois"
    STRICT = "strict"


class Younger(StrEnum):
    """What happens to who is younger than the gate's age."""

    ASK_GUARDIAN = "guardian"
    NOT_READ = "not-read"


@dataclass(frozen=True, slots=True)
class AgeGate:
    """Asked before the camera, and held against the estimate after it.

    `surely` demands that the whole estimated range lies at or above the age; otherwise its middle decides.
    """

    age: int
    younger: Younger
    surely: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The most days that something is kept; 0: no promise of a pack."""

    visitors: int = 0
    interactions: int = 0
    slates: int = 0
    kiosk_logs: int = 365
    consents: int = 3 * 365
    record: int = 3 * 365


@dataclass(frozen=True, slots=True)
class Pack:
    """`notice` and `statements` name words; a visitor ticks each statement, and nothing is ticked beforehand.

    `lets_photos_out` is off where the notice promises that the photo is not passed on, or where a law wants a consent
    to that alone: no face is read there by an analyzer that sends photos away.
    """

    name: PackName
    notice: tuple[str, ...]
    statements: tuple[str, ...] = ()
    guardian_statement: str = ""
    signed: bool = False
    asks_consent: bool = True
    gate: AgeGate | None = None
    forgets_at_goodbye: bool = False
    lets_photos_out: bool = True
    retention: Days = Days()


_OPEN = Pack(
    name=PackName.OPEN,
    notice=("consent_once", "notice_purpose", "consent_reader", "consent_kept"),
    asks_consent=False,
)
_EU = Pack(
    name=PackName.EU,
    notice=(
        "consent_once",
        "notice_purpose",
        "consent_reader",
        "consent_kept_days",
        "notice_emotion_ai",
        "notice_free",
        "notice_rights",
    ),
    statements=("agree_face_reading",),
    guardian_statement="agree_guardian",
    gate=AgeGate(16, Younger.ASK_GUARDIAN),
    retention=Days(visitors=30, interactions=180, slates=30, kiosk_logs=90),
)
_KOREA = Pack(
    name=PackName.KOREA,
    notice=("notice_purpose", "notice_items", "consent_reader", "consent_kept_days", "notice_refuse", "notice_rights"),
    statements=("agree_collection", "agree_face_reading"),
    gate=AgeGate(14, Younger.NOT_READ),
    lets_photos_out=False,
    retention=Days(visitors=30, interactions=365, slates=30, kiosk_logs=180),
)
_JAPAN = Pack(
    name=PackName.JAPAN,
    notice=(
        "notice_purpose",
        "notice_items",
        "consent_reader",
        "consent_kept_days",
        "notice_emotion_ai",
        "notice_refuse",
        "notice_rights",
    ),
    statements=("agree_collection", "agree_face_reading"),
    guardian_statement="agree_guardian",
    gate=AgeGate(16, Younger.ASK_GUARDIAN),
    lets_photos_out=False,
    retention=Days(visitors=30, interactions=180, slates=30, kiosk_logs=180),
)
_ILLINOIS = Pack(
    name=PackName.ILLINOIS,
    notice=(
        "notice_geometry",
        "notice_purpose",
        "notice_term",
        "consent_reader",
        "consent_kept_days",
        "notice_no_sale",
        "notice_free",
    ),
    statements=("release_informed", "release_signed"),
    guardian_statement="release_guardian",
    signed=True,
    gate=AgeGate(18, Younger.ASK_GUARDIAN),
    lets_photos_out=False,
    retention=Days(visitors=90, interactions=365, slates=90, consents=5 * 365, record=5 * 365),
)
_STRICT = Pack(
    name=PackName.STRICT,
    notice=(
        "consent_once",
        "notice_purpose",
        "consent_reader",
        "notice_goodbye",
        "notice_emotion_ai",
        "notice_free",
        "notice_rights",
    ),
    statements=("agree_collection", "agree_face_reading"),
    signed=True,
    gate=AgeGate(18, Younger.NOT_READ, surely=True),
    forgets_at_goodbye=True,
    lets_photos_out=False,
    retention=Days(visitors=1, interactions=1, slates=7, kiosk_logs=30, consents=5 * 365, record=5 * 365),
)
PACKS: dict[str, Pack] = {pack.name.value: pack for pack in (_OPEN, _EU, _KOREA, _JAPAN, _ILLINOIS, _STRICT)}


def days_of(pack: Pack) -> Days:
    """What the pack promises, where the site's own settings do not say less."""
    kept, visitors, slates = pack.retention, settings.VISITOR_RETENTION_DAYS, settings.SLATE_RETENTION_DAYS
    return replace(kept, visitors=min(kept.visitors or visitors, visitors), slates=min(kept.slates or slates, slates))
