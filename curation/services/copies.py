"""The copy in the garden of a picture of the pool: its key, its row, and whose it may be."""

from collections.abc import Collection, Iterable, Mapping

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from curation.errors import NAMED, KeyTakenError, name_keys
from curation.models import Act, ActItem
from curation.services.batches import batches
from garden.models import Image
from garden.storage.keys import SERVING, parse_key, published_key

State = Image.State
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
