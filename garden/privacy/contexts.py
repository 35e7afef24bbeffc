"""Where a kiosk stands. At work and at school no face is read: Regulation (EU) 2024/1689, Article 5(1)(f)."""

from enum import StrEnum


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
