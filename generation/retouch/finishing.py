"""The moment in which a version's pixels are there."""

from typing import Any

from django.utils import timezone

from generation.credits.spending import charge
from generation.models import Canvas, Version


def finish_version(*, version: Version, **made: Any) -> None:
    """Write down that it is done, and make it the current one where its parent was.

    Call it in the transaction that finishes its slot: whatever belongs to a finished retouch, as its price does,
    belongs into that transaction too, so that it happens exactly once.
    """
    if Version.objects.filter(pk=version.pk, done_at=None).update(**made, done_at=timezone.now()):
        charge(version)  # Before the canvas is touched: whoever asks holds the account first, too.
    Canvas.objects.filter(pk=version.canvas_id, head=version.parent_id).update(head=version.pk)
