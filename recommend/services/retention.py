"""How long what was shown and said is kept with its visitor, and how it is let go. What a visitor who asks is told."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from garden.models import Visitor
from garden.privacy.packs import Days
from garden.privacy.retention import Sweep, rows_sweep
from recommend.backends.embedded import EmbeddedRecommender
from recommend.backends.personalize import PersonalizeRecommender
from recommend.evaluation.experiments import learners
from recommend.models import Interaction, Slate

_BATCH = 500


def sweeps(days: Days) -> list[Sweep]:
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


def tell_beliefs(visitor: Visitor) -> dict[str, list[dict[str, Any]]]:
    pseudonyms = Interaction.objects.of_visitor(visitor).values_list("pseudonym", flat=True).distinct()
    theirs = (one.fallback if isinstance(one, PersonalizeRecommender) else one for one in learners())
    embedded = [one for one in dict.fromkeys(theirs) if isinstance(one, EmbeddedRecommender)]
    rows = [_belief(recommender, str(name)) for recommender in embedded for name in pseudonyms.order_by("pseudonym")]
    return {"learned of this visitor": [row for row in rows if row]}


def _belief(recommender: EmbeddedRecommender, pseudonym: str) -> dict[str, Any]:
    with recommender.consumer.at_head() as (model, _):
        memory = model.visitors.get(pseudonym)
        if memory is None:
            return {}
        return {"pseudonym": pseudonym, "weights": memory.mean.tolist(), "images seen": list(memory.seen)}
