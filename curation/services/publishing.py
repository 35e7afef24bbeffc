"""From the pool to the garden: files are copied first, then rows and releases change together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction
from django.db.models import F, Q

from curation.errors import NAMED, ActConflictError, EmotionMissingError, FileMissingError, name_keys
from curation.models import Act, ActItem
from curation.models.act import ActItemQuerySet
from curation.models.release import Change
from curation.services.batches import batches
from curation.services.copies import key_of_copy, make_copies, note_copies, one_original_each, refuse_taken
from curation.services.deeds import Deed
from curation.services.files import discard_files
from curation.services.gardens import Move, State, hold_gardens_of, read_pictures
from curation.services.progress import report
from curation.services.schedule import schedule_release
from garden.models import Image
from garden.storage.copying import copy_file

NAMES_EMOTION = "^[^/]+/.+/"
COPIES = 100
"""Files copied between two reports of progress."""
_AT_ONCE = 8


class Publish(Deed):
    """Pool pictures get a copy in the garden; shelved ones come back into it."""

    fits = (State.POOL, State.SHELVED)
    cleans_up = True

    def choose(self, images: Sequence[Image]) -> Sequence[Image]:
        nameless = [image.key for image in images if not image.emotion]
        if nameless:
            detail = (
                f"These pictures have no emotion yet and cannot be published: {name_keys(nameless)}. "
                "Set their emotion in review (key E)."
            )
            raise EmotionMissingError(detail, keys=nameless[:NAMED])
        targets = one_original_each(images)
        refuse_taken({key: (image.pk, image.content_hash) for key, image in targets.items()})
        return list(targets.values())

    def key_of(self, image: Image) -> str:
        return key_of_copy(image)

    def prepare(self, act: Act) -> None:
        """Copy the files, whatever lies there already: it may be half of an older act."""
        _claim_keys(act)
        report(act, done=0)
        waiting = list(act.items.exclude(key=F("image__key")).order_by("id").values_list("image__key", "key"))
        for some in batches(waiting, COPIES):
            _copy_files(some)
            report(act, done=act.done + len(some))

    def apply(self, act: Act) -> None:
        hold_gardens_of(Image.objects.filter(act_items__act=act))
        fitting = act.items.filter(image__state__in=self.fits)
        _refuse_relabelled(act, fitting)
        found = fitting.values_list("key", "image_id", "image__content_hash")
        refuse_taken({key: (image or 0, content_hash or "") for key, image, content_hash in found})
        originals = list(fitting.filter(image__state=State.POOL).values_list("image", flat=True))
        make_copies(act)
        copies = note_copies(act, self.fits)
        published = dict.fromkeys(originals, State.PUBLISHED)
        if act.goes_live_at is None:
            Move(act, published | dict.fromkeys(copies, State.SERVING) | self.makes_room(act, copies)).make()
        else:
            Move(act, published | _unless_serving(copies)).make()
            schedule_release(act, copies, Change.ADD)

    def makes_room(self, act: Act, copies: Sequence[int]) -> dict[int, str]:
        """What else moves in the same release."""
        return {}

    def clean_up(self, act: Act) -> None:
        """A picture that was removed or purged while its file was copied leaves no file behind."""
        while discard_files(act.items.filter(made=None, file_gone=False)):
            pass


class Replace(Publish):
    """A picture goes into the garden in the place of another, in one release; the other's file stays as it is."""

    def makes_room(self, act: Act, copies: Sequence[int]) -> dict[int, str]:
        serving = Image.objects.serving().filter(pk=act.selection["replaces"])
        for published_at in serving.values_list("published_at", flat=True):
            Image.objects.filter(pk__in=copies, published_at=None).update(published_at=published_at)
        return dict.fromkeys(serving.values_list("pk", flat=True), State.SHELVED)


@transaction.atomic
def _claim_keys(act: Act) -> None:
    """Older acts that still have files to delete under these keys leave them alone from now on.

    No purge begins with them while this act is open.
    """
    hold_gardens_of(Image.objects.filter(act_items__act=act))
    ActItem.objects.leaving_files().exclude(act=act).filter(key__in=act.items.values("key")).update(file_gone=True)
    act.items.filter(made=None).update(file_gone=False)


def _copy_files(keys: Sequence[tuple[str | None, str]]) -> None:
    """Source and target of each; a picture that is gone has no source."""
    with ThreadPoolExecutor(_AT_ONCE, "copy") as copiers:
        copied = list(copiers.map(_copy_file, keys))
    missing = [source for (source, _target), found in zip(keys, copied, strict=True) if source and not found]
    if missing:
        raise FileMissingError(f"There is no file of {name_keys(missing)}.", keys=missing[:NAMED])


def _copy_file(keys: tuple[str | None, str]) -> bool:
    """False where there is nothing to copy. No database here: threads have no transaction."""
    source, target = keys
    try:
        if source:
            copy_file(source, target)
    except FileNotFoundError:
        return False
    return True


def _refuse_relabelled(act: Act, items: ActItemQuerySet) -> None:
    """A picture that was given another emotion since the act began: its file was copied under the old one."""
    unnamed = ~Q(image__key__regex=NAMES_EMOTION)
    changed = items.filter(unnamed | Q(image__changed_at__gt=act.at)).select_related("image")
    keys = [item.image.key for item in changed if item.image and item.key != key_of_copy(item.image)]
    if keys:
        raise ActConflictError(
            f"The emotion of these pictures was changed meanwhile: {name_keys(keys)}.", keys=keys[:NAMED]
        )


def _unless_serving(copies: Sequence[int]) -> dict[int, str]:
    return {picture.id: State.SHELVED for picture in read_pictures(copies) if picture.state != State.SERVING}
