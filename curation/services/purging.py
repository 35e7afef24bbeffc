"""Out of the trash for ever: rows first, in one transaction, then files."""

from typing import Any

from django.utils import timezone

from curation.models import Act, ActItem
from curation.services.batches import batches
from curation.services.deeds import Deed
from curation.services.files import discard_files
from curation.services.gardens import State, hold_gardens_of
from curation.services.progress import report
from garden.models import Image
from garden.models.image import ImageQuerySet


class Purge(Deed):
    fits = (State.TRASH,)
    cleans_up = True

    def apply(self, act: Act) -> None:
        hold_gardens_of(Image.objects.filter(act_items__act=act))
        being_published = ActItem.objects.publishing().values("key")
        purged = Image.objects.in_trash().filter(act_items__act=act).exclude(key__in=being_published)
        for some in batches(list(purged.values_list("pk", flat=True))):
            act.items.filter(image__in=some).update(before=State.TRASH)
            # Their files were missing: a file that came back since is not the one that was looked at.
            act.items.filter(image__in=Image.objects.filter(pk__in=some).file_missing()).update(file_gone=True)
            _trash_originals(Image.objects.filter(published_as__in=some, state=State.PUBLISHED))
            Image.objects.filter(pk__in=some).delete()

    def clean_up(self, act: Act) -> None:
        gone = act.items.filter(before=State.TRASH, file_gone=True).count()
        while discarded := discard_files(ActItem.objects.purging().filter(act=act)):
            gone += discarded
            report(act, done=gone)


def _trash_originals(originals: ImageQuerySet) -> None:
    """An original whose copy is gone for good is nobody's any more: it follows into the trash, to be looked at once."""
    now = timezone.now()
    moved: dict[str, Any] = {"state": State.TRASH, "trashed_from": State.POOL, "trashed_at": now, "changed_at": now}
    originals.update(**moved)
