"""How far an act is, for those who watch it."""

from django.utils import timezone

from curation.models import Act


def report(act: Act, done: int) -> None:
    """Outside the act's transaction: a page that polls sees it at once, the sweeper that somebody is at it."""
    act.done, act.moved_at = done, timezone.now()
    act.save(update_fields=["done", "moved_at"])
