"""Receivers for visitors who are deleted, forgotten by the clock, or ask what is held.

Whoever deletes a visitor, they are taken out of all that was learned: their interactions and slates lose them by
foreign keys, what else might lead back is wiped here, and a line in the ledger makes every process drop what it
remembers of them. Visits that never happened (a rehearsal's) are purged: what they said is deleted, where forgetting
would keep it as nobody's. Numbers of the ledger that nothing is under are passed over; rates and what was learned are
made anew afterwards, by `rebuild_rates` and `rebuild_recommender`.

Loaded with every process: what takes its time is imported when somebody asks.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from garden.models import Image, Visitor
from garden.models.visitor import VisitorQuerySet
from garden.privacy.packs import Days
from garden.privacy.retention import Sweep
from garden.signals import retention_due, visitor_asked, visits_unmade
from recommend.bandit.context import UNKNOWN_GROUP
from recommend.models import Interaction, Ledger, Slate
from recommend.models.interaction import FORGOTTEN

_KNOWN_AS = "_known_as"
WIPED = ""


@receiver(pre_delete, sender=Visitor)
def wipe_traces(*, instance: Visitor, **signal: Any) -> None:
    """Called in the transaction of the deletion. The visitor's row is held first, the ledger last, as likes do."""
    _hold(instance)
    said = Interaction.objects.of_visitor(instance)
    vars(instance)[_KNOWN_AS] = set(said.values_list("pseudonym", flat=True))
    said.exclude(event_id="").update(event_id="")
    _wipe_unknown_keys(said)


@receiver(post_delete, sender=Visitor)
def drop_memory(*, instance: Visitor, **signal: Any) -> None:
    pseudonyms = vars(instance).pop(_KNOWN_AS, set())
    if not pseudonyms:
        return
    with transaction.atomic():
        sequences = Ledger.objects.take(len(pseudonyms))
        rows = zip(sequences, sorted(pseudonyms), strict=True)
        Interaction.objects.bulk_create(
            Interaction(sequence=number, pseudonym=name, kind=FORGOTTEN, group=UNKNOWN_GROUP, impression=[], exposed=[])
            for number, name in rows
        )


def _hold(visitor: Visitor) -> None:
    """Lock the row. One that somebody else deleted meanwhile is made again, or a like may make it beneath us."""
    rows = Visitor.objects.select_for_update().filter(pk=visitor.pk)
    while not rows.first():
        Visitor.objects.bulk_create([Visitor(id=visitor.pk)], ignore_conflicts=True)


def _wipe_unknown_keys(said: Any) -> None:
    """Keys are kept as they were sent, and what is no key may say anything. Places stay."""
    rows = list(said.only("impression"))
    sent = {key for row in rows for key in row.impression}
    known = set(Image.objects.filter(key__in=sent).values_list("key", flat=True))
    for row in rows:
        kept = [key if key in known else WIPED for key in row.impression]
        if kept != row.impression:
            Interaction.objects.filter(pk=row.pk).update(impression=kept)


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


@receiver(retention_due)
def sweep_what_was_shown_and_said(*, days: Days, **signal: Any) -> list[Sweep]:
    from recommend.services.retention import sweeps

    return sweeps(days)


@receiver(visitor_asked)
def tell_what_was_learned(*, visitor: Visitor, **signal: Any) -> dict[str, list[dict[str, Any]]]:
    from recommend.services.retention import tell_beliefs

    return tell_beliefs(visitor)
