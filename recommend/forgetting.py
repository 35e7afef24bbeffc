"""What happens here when a visitor is deleted, whoever deletes them: they are taken out of all that was learned.

The visitor's interactions and slates lose the visitor by their foreign keys. What else might lead back is
wiped here, and a line in the ledger makes every process drop what it remembers of this visitor alone.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from garden.models import Image, Visitor
from recommend.models import Forgetting, Interaction, Ledger

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
        Forgetting.objects.bulk_create(Forgetting(sequence=number, pseudonym=name) for number, name in rows)


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
