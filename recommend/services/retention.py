"""How long what was shown and said is kept with its visitor, and how it is let go. What a visitor who asks is told.

Whoever deletes a visitor, they are taken out of all that was learned: their interactions and slates lose them by
foreign keys, what else might lead back is wiped here, and a line in the ledger makes every process drop what it
remembers of them. Visits that never happened (a rehearsal's) are purged: what they said is deleted, where forgetting
would keep it as nobody's. Numbers of the ledger that nothing is under are passed over; rates and what was learned are
made anew afterwards, by `rebuild_rates` and `rebuild_recommender`.

Loaded with every process: what takes its time is imported when somebody asks.
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
    """Called in the transaction of the deletion. The visitor's row is held first, the ledger last, as likes do."""
    Visitor.objects.lock_for_update(instance.pk)
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


def _wipe_unknown_keys(said: Any) -> None:
    """Keys are kept as they were sent, and what is no key may say anything. Places stay."""
    rows = list(said.only("impression"))
    sent = {key for row in rows for key in row.impression}
    known = set(Image.objects.filter(key__in=sent).values_list("key", flat=True))
    for row in rows:
        kept = [key if key in known else WIPED for key in row.impression]
        if kept != row.impression:
            Interaction.objects.filter(pk=row.pk).update(impression=kept)


@receiver(visits_unmade)
def purge_rehearsal(*, visitors: VisitorQuerySet, **signal: Any) -> None:
    """Slates of visitors that were bare are known by what was said of them; one that nobody answered is nobody's."""
    theirs = Slate.objects.filter(Q(visitor__in=visitors) | Q(interactions__visitor__in=visitors))
    with transaction.atomic():
        slates = list(theirs.order_by().values_list("pk", flat=True).distinct())
        Interaction.objects.filter(visitor__in=visitors).delete()
        for start in range(0, len(slates), _BATCH):
            Slate.objects.filter(pk__in=slates[start : start + _BATCH]).delete()


@receiver(retention_due)
def sweep_what_was_shown_and_said(*, days: Days, **signal: Any) -> list[Sweep]:
    slates = Sweep(
        "slates",
        f"{days.slates} days",
        lambda: old_slates(days.slates).count(),
        lambda: forget_old_slates(days=days.slates),
    )
    if not days.interactions:
        return [slates]
    limit = f"{days.interactions} days with their visitor"
    return [slates, rows_sweep("likes", limit, lambda: visitors_for_longer_than(days.interactions))]


def old_slates(days: int) -> QuerySet[Slate]:
    return Slate.objects.filter(created_at__lt=timezone.now() - timedelta(days=days))


def forget_old_slates(*, days: int) -> int:
    """Delete slates older than so many days, a batch a transaction; what was said to them stays. Returns how many."""
    old = old_slates(days).order_by("created_at")
    forgotten = 0
    while batch := list(old.values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            Slate.objects.filter(pk__in=batch).delete()
        forgotten += len(batch)
    return forgotten


def visitors_for_longer_than(days: int) -> QuerySet[Visitor]:
    """Who comes again and again, and said something longer ago than it may be tied to them.

    The ledger is never rewritten: they are forgotten whole, and whoever comes again is somebody new.
    """
    before = timezone.now() - timedelta(days=days)
    old = Interaction.objects.filter(created_at__lt=before, visitor__isnull=False)
    return Visitor.objects.filter(pk__in=old.values("visitor_id"))


@receiver(visitor_asked)
def tell_what_was_learned(*, visitor: Visitor, **signal: Any) -> dict[str, list[dict[str, Any]]]:
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
        memory = model.visitors.get(pseudonym)
        if memory is None:
            return {}
        return {"pseudonym": pseudonym, "weights": memory.mean.tolist(), "images seen": list(memory.seen)}
