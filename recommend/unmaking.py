"""Visits that never happened (a rehearsal's): what they said is deleted, where forgetting would keep it as nobody's.

Numbers of the ledger that nothing is under are passed over; rates and what was learned are made anew afterwards, by
`rebuild_rates` and `rebuild_recommender`.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from garden.models.visitor import VisitorQuerySet
from garden.signals import visits_unmade
from recommend.models import Interaction, Slate

AT_ONCE = 500
"""Keys in one statement: databases have a bound on its parameters."""


@receiver(visits_unmade)
def unmake(*, visitors: VisitorQuerySet, **signal: Any) -> None:
    """Slates of visitors that were bare are known by what was said of them; one that nobody answered is nobody's."""
    theirs = Slate.objects.filter(Q(visitor__in=visitors) | Q(interactions__visitor__in=visitors))
    with transaction.atomic():
        slates = list(theirs.order_by().values_list("pk", flat=True).distinct())
        Interaction.objects.filter(visitor__in=visitors).delete()
        for start in range(0, len(slates), AT_ONCE):
            Slate.objects.filter(pk__in=slates[start : start + AT_ONCE]).delete()
