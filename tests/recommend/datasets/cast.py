"""A small garden with likes, and commands run as an operator runs them."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from garden.models import Image
from recommend.models import Interaction
from tests.recommend.cast import interact, plant
from tests.support.factories import VisitorFactory

USER_COLUMNS = "USER_ID,GENERATION,GENDER,EMOTION"
LIKE_COLUMNS = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,IMPRESSION"


def garden() -> list[Image]:
    """Three pictures, two visitors of whom one begins like a formula, four likes and a dislike."""
    images = plant(2) + plant(1, "happy/cat")
    for visitor in ("ann", "=cmd|' /C calc'!A0"):
        VisitorFactory(id=visitor)
        interact(visitor, images[0], *images[:2])
        interact(visitor, images[2], images[2])
    interact("ann", images[1], *images[:2], liked=False)
    interact("ann", None, *images[:2])
    return images


def run(command: str, *words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(command, *map(str, words), stdout=out, stderr=out, verbosity=0, **options)
    return out.getvalue()


def likes() -> list[tuple[str, str, str, int, tuple[str, ...]]]:
    """What is known of likes and dislikes, in the order of the ledger."""
    interactions = Interaction.objects.exclude(kind="seen").order_by("sequence")
    return [
        (row.visitor_id or "", row.item_key, row.kind, int(row.created_at.timestamp()), tuple(row.impression))
        for row in interactions
    ]


def write(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\r\n".join([header, *rows, ""]), encoding="utf-8", newline="")
    return path
