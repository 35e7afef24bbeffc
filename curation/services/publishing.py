"""Publishing: files are copied under their public keys, then rows are made, then the release."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from curation.errors import NAMED, ActConflictError, EmotionMissingError, FileMissingError, KeyTakenError, name_keys
from curation.library.paging import batches
from curation.models import Act, ActItem
from curation.models.act import ActItemQuerySet
from curation.models.release import Change
from curation.services.handlers import ActHandler, discard_files, report
from curation.services.releases import Move, State, hold_gardens_of, read_pictures, schedule_release
from garden.models import Image
from garden.storage.base import copy_file
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

    The row's id keeps a relabelled picture apart from one of the same name in its new folder.
    """
    if image.state != State.POOL:
        return image.key
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
            raise KeyTakenError(f"{name_keys(keys)} would be published under one key.", keys=keys)
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
        raise KeyTakenError(f"Other pictures are published under these keys: {name_keys(taken)}.", keys=taken[:NAMED])


def _is_copy(copy: Image, original: int, content_hash: str) -> bool:
    if original in (copy.pk, copy.published_from_id):
        return True
    return copy.published_from_id is None and copy.content_hash == content_hash


def make_copies(act: Act) -> None:
    """The rows of the copies of the act's pool pictures: new ones, and those shelved or removed described anew.

    One statement for ten thousand, which Django cannot say: everybody who wants to write is waiting meanwhile.
    """
    columns = [field.column or "" for field in Image._meta.concrete_fields if field.name not in _OWN]
    described = [connection.ops.quote_name(column) for column in columns]
    sql = f"""
        INSERT INTO garden_image
            (key, state, published_from_id, trashed_from, created_at, changed_at, {", ".join(described)})
        SELECT item.key, %s, image.id, '', %s, %s, {", ".join(f"image.{column}" for column in described)}
            FROM curation_actitem item JOIN garden_image image ON image.id = item.image_id
            WHERE item.act_id = %s AND image.state = %s
        ON CONFLICT (key) DO UPDATE SET
            published_from_id = excluded.published_from_id,
            {", ".join(f"{column} = excluded.{column}" for column in described)}
            WHERE garden_image.state <> %s"""  # noqa: S608  # Names of columns, none of them a stranger's.
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    act_id = ActItem._meta.get_field("act").get_db_prep_value(act.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [State.SHELVED, now, now, act_id, State.POOL, State.SERVING])
    _adopt_imports(act)


def _adopt_imports(act: Act) -> None:
    """What came with the same file and is shown already is the copy from now on."""
    items = act.items.filter(image__state=State.POOL)
    shown = Image.objects.serving().filter(published_from=None, key__in=items.values("key"))
    original = items.filter(key=OuterRef("key")).values("image")
    shown.update(published_from=Subquery(original))


def note_copies(act: Act, fits: Collection[str]) -> list[int]:
    """Write down which row each item that still fits made; returns their ids."""
    made = Image.objects.filter(key=OuterRef("key")).values("pk")
    act.items.filter(image__state__in=fits).update(made=Subquery(made))
    return list(act.items.filter(made__isnull=False).values_list("made_id", flat=True))


NAMES_EMOTION = "^[^/]+/.+/"
COPIES = 100
"""Files copied between two reports of progress."""
_AT_ONCE = 8


class Publish(ActHandler):
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
