"""The command `retouch_batch`: what it was asked for, a batch to its end, and its results as files or pictures."""

import hashlib
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from tqdm import tqdm

from curation.library.filters import at_places
from curation.services.retouching import publish_version
from garden.errors import GardenError
from garden.models import Image
from generation.available_models import engine_name
from generation.credits import is_limited, price_of
from generation.models import RetouchBatch, Version
from generation.queue.leases import requeue_expired
from generation.queue.worker import work
from generation.retouch.batch.items import counts_of, is_open, items_of
from generation.retouch.batch.orders import NAMESPACE, batch_id_of, choose_files, choose_images, list_folder, plan_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.pixels import encode_shown
from generation.retouch.settings import BadSettingError
from generation.retouch.versions import compose

POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """`places` are keys and folders of the garden, or `folder` is one of this machine."""

    recipe: Recipe
    places: tuple[str, ...]
    folder: Path | None
    into: str
    file_type: str
    emotion: str
    favorite: str
    mask: bytes | None
    by: AbstractBaseUser | None
    again: bool

    def names(self) -> dict[int, str]:
        """The pictures that it is for, by their numbers; nothing is opened."""
        names = list(self._keys().values()) if self.folder is None else list_folder(self.folder)
        return {place + 1: names[place] for place in self.recipe.picked(names)}

    @property
    def cost(self) -> int | None:
        """Credits that all of them cost the requester, if none was made before; None without a limit."""
        if self.by is None or not is_limited(self.by):
            return None
        return len(self.names()) * price_of(engine_name(self.recipe.settings))

    def plan(self) -> RetouchBatch:
        """The batch of this command; of the same command again the same one. Raises what `plan_batch` raises."""
        names = self.names()
        self._refuse_collisions(names.values())
        batch_id = self._batch_id(list(names.values()))
        known = RetouchBatch.objects.filter(pk=batch_id).first()
        if known is not None:
            return known
        if self.folder is None:
            chosen = choose_images(self.recipe, list(self._keys()))
        else:
            with tqdm(total=len(names), unit=" files", desc="opened", disable=None) as bar:
                chosen = choose_files(self.recipe, self.folder, by=self.by, on_file=bar.update)
        return plan_batch(
            recipe=self.recipe, chosen=chosen, by=self.by, batch_id=batch_id, mask=self.mask, again=self.again
        )

    def file_of(self, name: str) -> Path:
        """Where a picture's result goes."""
        return Path(self.into) / Path(name).with_suffix(f".{self.file_type}")

    def _refuse_collisions(self, names: Iterable[str]) -> None:
        if self.into in ("", POOL):
            return
        taken: dict[Path, str] = {}
        for name in names:
            other = taken.setdefault(self.file_of(name), name)
            if other != name:
                raise BadSettingError("--into", f"cannot hold both {other} and {name}: they would be one file")

    def _keys(self) -> dict[int, str]:
        """Of the garden's pictures, in the order of their keys; none that is in the trash."""
        images = Image.objects.filter(at_places(self.places)).exclude(state=Image.State.TRASH).order_by("key")
        return dict(images.values_list("pk", "key"))

    def _batch_id(self, names: list[str]) -> uuid.UUID:
        if self.again:
            return uuid.uuid4()
        if self.folder is not None:
            return batch_id_of(self.recipe, self.mask, self.folder, names, self.into)
        images = Image.objects.filter(key__in=names).order_by("key").values_list("key", "content_hash")
        described = json.dumps([self.into, self.recipe.as_json(), list(images)])
        return uuid.uuid5(NAMESPACE, described + hashlib.sha256(self.mask or b"").hexdigest())


def read_request(options: dict[str, Any]) -> BatchRequest:
    """Raises BadSettingError naming the option."""
    folder, into = options["folder"], options["into"]
    if folder is not None and not folder.is_dir():
        raise BadSettingError("--folder", "is no folder")
    inside = folder is not None and into not in ("", POOL) and Path(into).resolve().is_relative_to(folder.resolve())
    if inside:
        raise BadSettingError("--into", "must not lie in the folder that is read")
    if folder is not None and into == POOL and not options["emotion"]:
        raise BadSettingError("--emotion", "is needed to put pictures of a folder into the pool")
    if into == POOL and not options["by"]:
        raise BadSettingError("--by", "is needed to put pictures into the pool")
    return BatchRequest(
        recipe=Recipe.from_json(_json(options["recipe"])),
        places=tuple(options["pictures"] or ()),
        folder=folder,
        into=into,
        file_type=options["type"],
        emotion=options["emotion"],
        favorite=options["favorite"],
        mask=_read(options["mask"]),
        by=_user(options["by"]),
        again=options["again"],
    )


def _json(path: str) -> Any:
    try:
        return json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettingError("recipe", f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadSettingError("recipe", f"is no JSON: {error}") from error


def _read(path: Path | None) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise BadSettingError("--mask", f"cannot be read: {error.strerror}") from error


def _user(name: str) -> AbstractBaseUser | None:
    user = get_user_model()._default_manager.filter(username=name).first() if name else None
    if name and user is None:
        raise BadSettingError("--by", f"names nobody: there is no user {name}")
    return user


GLANCE = 0.5
"""Seconds between two looks; how long this process works between them."""


def follow(batch: RetouchBatch, *, with_work: bool) -> None:
    """Until nothing that was asked for is open; a paused batch waits until it is resumed.

    With work it also takes up what a process that died had begun: there may be no other worker, and no clock for them.
    """
    engines = batch.job.slots.engines() if batch.job else []
    counts = counts_of(batch)
    with tqdm(total=counts["all"] - counts["waiting"], unit=" pictures", disable=None) as bar:
        while is_open(counts):
            if with_work:
                requeue_expired()
            if not (with_work and work(engines=engines, seconds=GLANCE)):
                time.sleep(GLANCE)
            counts = counts_of(batch)
            unfinished = sum(counts[state] for state in ("waiting", "queued", "paused", "leased"))
            bar.update(counts["all"] - unfinished - bar.n)


DRAFT = ".draft-"
FORGOTTEN = 3600.0
"""Seconds after which a draft counts as abandoned by a killed process."""


def give_out(batch: RetouchBatch, request: BatchRequest) -> list[str]:
    """Every finished picture of it to where it shall go; sentences about those that could not."""
    if not request.into:
        return []
    if request.into != POOL:
        _sweep(Path(request.into))
    missed = []
    made = items_of(batch).filter(version__done_at__isnull=False)
    for item in tqdm(made.iterator(chunk_size=100), total=made.count(), unit=" files", desc="given out", disable=None):
        version = Version.objects.select_related("canvas", "canvas__image", "image").get(batch_items=item)
        try:
            _give(version, item.name, request)
        except (GardenError, OSError) as error:
            missed.append(f"{item.name}: {error}")
    return missed


def _sweep(folder: Path) -> None:
    """Drafts of a command that was killed while it wrote them."""
    for draft in folder.rglob(f"{DRAFT}*"):
        if draft.stat().st_mtime < time.time() - FORGOTTEN:
            draft.unlink(missing_ok=True)


def _give(version: Version, name: str, request: BatchRequest) -> None:
    if request.into != POOL:
        write_whole(request.file_of(name), encode_shown(compose(version), request.file_type))
    elif version.image is None and request.by is not None:
        publish_version(version=version, by=request.by, emotion=request.emotion, favorite=request.favorite)


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing, whenever the process dies; what lay there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
