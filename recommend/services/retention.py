"""Retention of slates and interactions, and a visitor's request for what was learned.

When a visitor is deleted, foreign keys remove them from interactions and slates, other traces are erased here, and a
row in the ledger makes every process delete its memory of them. Visits of a rehearsal are purged: their interactions
are deleted, where those of visitors remain anonymously. Unused numbers of the ledger are skipped; rates and models are
recomputed afterwards by `rebuild_rates` and `rebuild_recommender`.

Loaded by every process, so that slow imports are in the functions.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from garden.models import Image, Visitor
from garden.models.visitor import VisitorQuerySet
from garden.privacy.packs import Days
from garden.privacy.retention import Sweep, rows_sweep
from garden.signals import retention_due, visitor_asked, visits_unmade
from recommend.bandit.context import UNKNOWN_GROUP
from recommend.models import Interaction, Ledger, Slate
from recommend.models.interaction import FORGOTTEN

if TYPE_CHECKING:
    from recommend.backends.embedded import EmbeddedRecommender

_KNOWN_AS = "_known_as"
WIPED = ""
_BATCH = 500
"""Rows or keys in one statement: databases have a bound on its parameters."""


@receiver(pre_delete, sender=Visitor)
def wipe_traces(*, instance: Visitor, **signal: Any) -> None:
    """Called in the transaction of the deletion. The visitor's row is locked first, the ledger last, as by likes."""
    Visitor.objects.lock_for_update(instance.pk)
    interactions = Interaction.objects.of_visitor(instance)
    vars(instance)[_KNOWN_AS] = set(interactions.values_list("pseudonym", flat=True))
    interactions.exclude(event_id="").update(event_id="")
    _wipe_unknown_keys(interactions)


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


def _wipe_unknown_keys(interactions: Any) -> None:
    """Keys are stored as sent, and what is not a key may be any text. Positions remain."""
    rows = list(interactions.only("impression"))
    sent = {key for row in rows for key in row.impression}
    known = set(Image.objects.filter(key__in=sent).values_list("key", flat=True))
    for row in rows:
        kept = [key if key in known else WIPED for key in row.impression]
        if kept != row.impression:
            Interaction.objects.filter(pk=row.pk).update(impression=kept)


@receiver(visits_unmade)
def purge_rehearsal(*, visitors: VisitorQuerySet, **signal: Any) -> None:
    """Slates of visitors without a row are found by their interactions; a slate without interactions is anonymous."""
    theirs = Slate.objects.filter(Q(visitor__in=visitors) | Q(interactions__visitor__in=visitors))
    with transaction.atomic():
        slates = list(theirs.order_by().values_list("pk", flat=True).distinct())
        Interaction.objects.filter(visitor__in=visitors).delete()
        for start in range(0, len(slates), _BATCH):
            Slate.objects.filter(pk__in=slates[start : start + _BATCH]).delete()


@receiver(retention_due)
def sweep_slates_and_likes(*, days: Days, **signal: Any) -> list[Sweep]:
    sweeps = [rows_sweep("slates", f"{days.slates} days", lambda: old_slates(days.slates))]
    if days.interactions:
        limit = f"{days.interactions} days with their visitor"
        sweeps.append(rows_sweep("likes", limit, lambda: visitors_for_longer_than(days.interactions)))
    return sweeps


def old_slates(days: int) -> QuerySet[Slate]:
    """Interactions with them stay."""
    return Slate.objects.filter(created_at__lt=timezone.now() - timedelta(days=days))


def visitors_for_longer_than(days: int) -> QuerySet[Visitor]:
    """Visitors with an interaction that is older than this.

    The ledger is never rewritten: they are deleted entirely, and are new visitors when they return.
    """
    before = timezone.now() - timedelta(days=days)
    old = Interaction.objects.filter(created_at__lt=before, visitor__isnull=False)
    return Visitor.objects.filter(pk__in=old.values("visitor_id"))


@receiver(visitor_asked)
def report_beliefs(*, visitor: Visitor, **signal: Any) -> dict[str, list[dict[str, Any]]]:
    from recommend.backends.embedded import EmbeddedRecommender
    from recommend.backends.personalize import PersonalizeRecommender
    from recommend.evaluation.experiments import learners

    pseudonyms = Interaction.objects.of_visitor(visitor).values_list("pseudonym", flat=True).distinct()
    theirs = (one.fallback if isinstance(one, PersonalizeRecommender) else one for one in learners())
    embedded = [one for one in dict.fromkeys(theirs) if isinstance(one, EmbeddedRecommender)]
    rows = [_belief(recommender, str(name)) for recommender in embedded for name in pseudonyms.order_by("pseudonym")]
    return {"learned of this visitor": [row for row in rows if row]}


def _belief(recommender: "EmbeddedRecommender", pseudonym: str) -> dict[str, Any]:
    with recommender.consumer.at_head() as (model, _):
        memory = model.visitors.known.get(pseudonym)
        if memory is None:
            return {}
        return {"pseudonym": pseudonym, "weights": memory.mean.tolist(), "images seen": list(memory.seen)}
