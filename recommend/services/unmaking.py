"""Visits that never happened (a rehearsal's): what they said is deleted, where forgetting would keep it as nobody's.

Numbers of the ledger that nothing is under are passed over; rates and what was learned are made anew afterwards, by
`rebuild_rates` and `rebuild_recommender`.
"""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from garden.models.visitor import VisitorQuerySet
from garden.signals import visits_unmade
from recommend.models import Interaction, Slate


@receiver(visits_unmade)
def unmake(*, visitors: VisitorQuerySet, **signal: Any) -> None:
    with transaction.atomic():
        Interaction.objects.filter(visitor__in=visitors).delete()
        Slate.objects.filter(visitor__in=visitors).delete()
