"""What a site may have set that curation cannot do."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from curation.duplicates.hashing import MOST_DISTANCE


@register
def check_lookalike_distance(**kwargs: Any) -> list[CheckMessage]:
    if settings.LOOKALIKE_DISTANCE <= MOST_DISTANCE:
        return []
    told = f"LOOKALIKE_DISTANCE must be at most {MOST_DISTANCE}, not {settings.LOOKALIKE_DISTANCE}."
    return [Error(told, id="curation.lookalike_distance")]
