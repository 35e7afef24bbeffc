"""Publishing: files are copied under their public keys, then rows are made, then the release."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from curation.errors import (
    NAMED,
    EmotionMissingError,
    ImageFileMissingError,
    ImageKeyTakenError,
    OperationConflictError,
    name_keys,
)
from curation.models import BulkOperation, BulkOperationItem
from curation.models.operation import BulkOperationItemQuerySet
from curation.models.release import Change
from curation.services.handlers import OperationHandler, discard_files, report
from curation.services.releases import State, hold_gardens_of, move_images, read_pictures, schedule_release
from garden.batches import batches
from garden.models import Image
from garden.storage.backends import picture_storage
from garden.storage.keys import SERVING, parse_key, published_key

_OWN = {
    "id",
    "key",
    "state",
    "published_from",
    "created_at",
    "changed_at",
    "published_at",
    "trashed_at",
    "trashed_from",
}
"""What a copy does not have from its original."""


def key_of_copy(image: Image) -> str:
    """`imgPool/x` becomes `emotions/x`; where key and row differ, the row counts. A shelved one is its own.

    The row's id keeps a relabelled picture apart from one of the same name in its new folder. A picture that was
    published before keeps its address, whatever its emotion is now. Select `published_as` for many.
    """
    if image.state != State.POOL:
        return image.key
    if hasattr(image, "published_as"):
        return image.published_as.key
    parts, name = parse_key(image.key), image.key.rpartition("/")[2]
    if (parts.emotion, parts.favorite) == (image.emotion, image.favorite):
        return published_key(image.key)
    return f"{SERVING}/{image.emotion_path}/{f'{image.pk}_' if parts.emotion else ''}{name}"


def one_original_each(images: Iterable[Image]) -> dict[str, Image]:
    """Key of the copy → original; a shelved copy beside its own original is left to it.

    Raises KeyTakenError, InvalidKeyError.
    """
    targets: dict[str, Image] = {}
    for image in sorted(images, key=lambda image: image.state != State.POOL):
        key = key_of_copy(image)
        parse_key(key)
        other = targets.setdefault(key, image)
        if other.state == image.state == State.POOL and other.pk != image.pk:
            keys = [other.key, image.key]
            raise ImageKeyTakenError(f"{name_keys(keys)} would be published under one key.", keys=keys)
    return targets


def refuse_taken(originals: Mapping[str, tuple[int, str]]) -> None:
    """Of keys to be made, and the id and content hash of what is to be copied there.

    A copy may be made again from its own original, or taken over from an import of the same file; no other.
    """
    taken = [
        copy.key
        for some in batches(list(originals))
        for copy in Image.objects.filter(key__in=some).only("id", "key", "published_from", "content_hash")
        if not _is_copy(copy, *originals[copy.key])
    ]
    if taken:
        raise ImageKeyTakenError(
            f"Other pictures are published under these keys: {name_keys(taken)}.", keys=taken[:NAMED]
        )


def _is_copy(copy: Image, original: int, content_hash: str) -> bool:
    if original in (copy.pk, copy.published_from_id):
        return True
    return copy.published_from_id is None and copy.content_hash == content_hash


def make_copies(operation: BulkOperation) -> None:
    """The rows of the copies of the operation's pool pictures, new or updated.

    One statement for ten thousand, which Django's ORM cannot express: other writers wait meanwhile.
    """
    columns = [field.column or "" for field in Image._meta.concrete_fields if field.name not in _OWN]
    described = [connection.ops.quote_name(column) for column in columns]
    sql = f"""
        INSERT INTO garden_image
            (key, state, published_from_id, trashed_from, created_at, changed_at, {", ".join(described)})
        SELECT item.key, %s, image.id, '', %s, %s, {", ".join(f"image.{column}" for column in described)}
            FROM curation_bulkoperationitem item JOIN garden_image image ON image.id = item.image_id
            WHERE item.operation_id = %s AND image.state = %s
        ON CONFLICT (key) DO UPDATE SET
            published_from_id = excluded.published_from_id,
            {", ".join(f"{column} = excluded.{column}" for column in described)}
            WHERE garden_image.state <> %s"""  # noqa: S608  # Names of columns, none of them a stranger's.
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    operation_id = BulkOperationItem._meta.get_field("operation").get_db_prep_value(operation.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [State.SHELVED, now, now, operation_id, State.POOL, State.SERVING])
    _adopt_imports(operation)


def _adopt_imports(operation: BulkOperation) -> None:
    """What came with the same file and is shown already is the copy from now on."""
    items = operation.items.filter(image__state=State.POOL)
    shown = Image.objects.serving().filter(published_from=None, key__in=items.values("key"))
    original = items.filter(key=OuterRef("key")).values("image")
    shown.update(published_from=Subquery(original))


def note_copies(operation: BulkOperation, fits: Collection[str]) -> list[int]:
    """Write down which row each item that still fits made; returns their ids."""
    made = Image.objects.filter(key=OuterRef("key")).values("pk")
    operation.items.filter(image__state__in=fits).update(made=Subquery(made))
    return list(operation.items.filter(made__isnull=False).values_list("made_id", flat=True))


NAMES_EMOTION = "^[^/]+/.+/"
COPIES = 100
"""Files copied between two reports of progress."""
_AT_ONCE = 8


class Publish(OperationHandler):
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

    def prepare(self, operation: BulkOperation) -> None:
        """Copy the files, whatever lies there already: it may be half of an older operation."""
        _claim_keys(operation)
        report(operation, done=0)
        waiting = list(operation.items.exclude(key=F("image__key")).order_by("id").values_list("image__key", "key"))
        for some in batches(waiting, COPIES):
            _copy_files(some)
            report(operation, done=operation.done + len(some))

    def apply(self, operation: BulkOperation) -> None:
        hold_gardens_of(operation)
        fitting = operation.items.filter(image__state__in=self.fits)
        _refuse_relabelled(operation, fitting)
        found = fitting.values_list("key", "image_id", "image__content_hash")
        refuse_taken({key: (image or 0, content_hash or "") for key, image, content_hash in found})
        originals = list(fitting.filter(image__state=State.POOL).values_list("image", flat=True))
        make_copies(operation)
        copies = note_copies(operation, self.fits)
        published = dict.fromkeys(originals, State.PUBLISHED)
        if operation.goes_live_at is None:
            served = dict.fromkeys(copies, State.SERVING)
            move_images(operation, published | served | self.makes_room(operation, copies))
        else:
            shelved = {copy.id: State.SHELVED for copy in read_pictures(copies) if copy.state != State.SERVING}
            move_images(operation, published | shelved)
            schedule_release(operation, copies, Change.ADD)

    def makes_room(self, operation: BulkOperation, copies: Sequence[int]) -> dict[int, str]:
        """What else moves in the same release."""
        return {}

    def clean_up(self, operation: BulkOperation) -> None:
        """A picture that was removed or purged while its file was copied leaves no file behind."""
        while discard_files(operation.items.filter(made=None, file_gone=False)):
            pass


class Replace(Publish):
    """A picture goes into the garden in the place of another, in one release; the other's file stays as it is."""

    def makes_room(self, operation: BulkOperation, copies: Sequence[int]) -> dict[int, str]:
        serving = Image.objects.serving().filter(pk=operation.selection["replaces"])
        for published_at in serving.values_list("published_at", flat=True):
            Image.objects.filter(pk__in=copies, published_at=None).update(published_at=published_at)
        return dict.fromkeys(serving.values_list("pk", flat=True), State.SHELVED)


@transaction.atomic
def _claim_keys(operation: BulkOperation) -> None:
    """Older operations that still have files to delete under these keys leave them alone from now on.

    No purge begins with them while this operation is open.
    """
    hold_gardens_of(operation)
    BulkOperationItem.objects.leaving_files().exclude(operation=operation).filter(
        key__in=operation.items.values("key")
    ).update(file_gone=True)
    operation.items.filter(made=None).update(file_gone=False)


def _copy_files(keys: Sequence[tuple[str | None, str]]) -> None:
    """Source and target of each; a picture that is gone has no source."""
    with ThreadPoolExecutor(_AT_ONCE, "copy") as copiers:
        copied = list(copiers.map(_copy_file, keys))
    missing = [source for (source, _target), found in zip(keys, copied, strict=True) if source and not found]
    if missing:
        raise ImageFileMissingError(f"There is no file of {name_keys(missing)}.", keys=missing[:NAMED])


def _copy_file(keys: tuple[str | None, str]) -> bool:
    """False where there is nothing to copy. No database here: threads have no transaction."""
    source, target = keys
    try:
        if source:
            picture_storage().copy(source, target)
    except FileNotFoundError:
        return False
    return True


def _refuse_relabelled(operation: BulkOperation, items: BulkOperationItemQuerySet) -> None:
    """A picture that was given another emotion since the operation began: its file was copied under the old one."""
    unnamed = ~Q(image__key__regex=NAMES_EMOTION)
    changed = items.filter(unnamed | Q(image__changed_at__gt=operation.at)).select_related("image__published_as")
    keys = [item.image.key for item in changed if item.image and item.key != key_of_copy(item.image)]
    if keys:
        raise OperationConflictError(
            f"The emotion of these pictures was changed meanwhile: {name_keys(keys)}.", keys=keys[:NAMED]
        )
