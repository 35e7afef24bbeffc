"""Interactions from before the ledger was numbered join it in the order of their ids."""

import secrets

from django.db import migrations
from django.utils import timezone

_BATCH = 1_000
_FIELDS = ["sequence", "pseudonym", "emotion", "favorite", "hour", "looks"]


def number(apps, schema_editor):
    Interaction = apps.get_model("recommend", "Interaction")
    Image = apps.get_model("garden", "Image")
    taken_back = set(Interaction.objects.exclude(takes_back=None).values_list("takes_back_id", flat=True))
    remembered, pseudonyms, head = {}, {}, 0
    rows, last = Interaction.objects.select_related("slate", "image").order_by("id"), 0
    while batch := list(rows.filter(id__gt=last)[:_BATCH]):
        last = batch[-1].pk
        keys = {text for row in batch for text in row.impression if isinstance(text, str)}
        ids = dict(Image.objects.filter(key__in=keys).values_list("key", "id"))
        for row in batch:
            head += 1
            _describe(row, head, ids, remembered)
            row.pseudonym = _pseudonym(row.visitor_id, pseudonyms)
            if row.pk in taken_back and row.looks:
                remembered[row.pk] = row.looks[0]
        Interaction.objects.bulk_update(batch, _FIELDS, batch_size=100)
    apps.get_model("recommend", "Ledger").objects.create(head=head)


def _describe(row, sequence, ids, remembered):
    row.sequence = sequence
    row.emotion = row.slate.emotion if row.slate else row.image.emotion if row.image else ""
    row.favorite = row.slate.favorite if row.slate else ""
    row.hour = timezone.localtime(row.created_at).hour
    row.looks = _looks(row, ids)
    earlier = remembered.get(row.takes_back_id)
    if earlier:
        liked = [image for image in earlier["liked"] if image != row.image_id]
        row.looks = [*row.looks, {**earlier, "liked": liked}]


def _looks(row, ids):
    """What was newly seen, where it stood, and what was liked of it. A like of what was seen before is its own look."""
    places = {ids[key]: place for place, key in reversed(list(enumerate(row.impression))) if key in ids}
    liked = [row.image_id] if row.kind == "like" and row.image_id is not None else []
    images = list(dict.fromkeys([*row.exposed, *liked]))
    positions = [places.get(image, -1) for image in images]
    return [{"look": row.sequence, "images": images, "positions": positions, "liked": liked}] if images else []


def _pseudonym(visitor, known):
    """One of each visitor; what is nobody's any more is not tied together either."""
    if visitor is None:
        return secrets.randbits(63)
    return known.setdefault(visitor, secrets.randbits(63))


class Migration(migrations.Migration):
    dependencies = [("recommend", "0002_learning")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop, elidable=True)]
