"""What this room answers when visitors are to be forgotten by the clock, and when one asks what is held.

Loaded with every process: what it takes is imported when somebody asks.
"""

from typing import Any

from django.dispatch import receiver

from garden.models import Visitor
from garden.privacy.retention import Days
from garden.privacy.sweeping import Sweep
from garden.signals import retention_due, visitor_asked


@receiver(retention_due)
def sweep_what_was_shown_and_said(*, days: Days, **signal: Any) -> list[Sweep]:
    from recommend.services.retention import sweeps

    return sweeps(days)


@receiver(visitor_asked)
def tell_what_was_learned(*, visitor: Visitor, **signal: Any) -> dict[str, list[dict[str, Any]]]:
    from recommend.services.telling import tell_beliefs

    return tell_beliefs(visitor)
