"""How many days each kind of thing is kept: what the pack allows, or less where the site's settings say so."""

from dataclasses import dataclass

from django.conf import settings

from garden.privacy.packs import PACKS, Pack


@dataclass(frozen=True, slots=True)
class Days:
    visitors: int
    interactions: int
    slates: int
    kiosk_logs: int
    consents: int
    record: int


def days_of(pack: Pack) -> Days:
    kept = pack.retention
    visitors = min(kept.visitors or settings.VISITOR_RETENTION_DAYS, settings.VISITOR_RETENTION_DAYS)
    return Days(
        visitors=visitors,
        interactions=kept.interactions or 0,
        slates=min(kept.slates or settings.SLATE_RETENTION_DAYS, settings.SLATE_RETENTION_DAYS),
        kiosk_logs=kept.kiosk_logs,
        consents=kept.consents,
        record=kept.record,
    )


def days_kept() -> Days:
    """Of the whole site. Rows do not tell which kiosk they came from: the shortest promise that any kiosk gives holds.

    `interactions` is 0 where no promise bounds them. Consents and the record are proof: the longest holds.
    """
    promised = [days_of(PACKS[name]) for name in _packs_in_use()]
    bounds = [days.interactions for days in promised if days.interactions]
    return Days(
        visitors=min(days.visitors for days in promised),
        interactions=min(bounds, default=0),
        slates=min(days.slates for days in promised),
        kiosk_logs=min(days.kiosk_logs for days in promised),
        consents=max(days.consents for days in promised),
        record=max(days.record for days in promised),
    )


def _packs_in_use() -> set[str]:
    from garden.models import Kiosk

    own = Kiosk.objects.exclude(privacy_pack="").values_list("privacy_pack", flat=True).distinct()
    return {settings.PRIVACY_PACK, *own}
