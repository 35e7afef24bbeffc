"""What the command `retouch_batch` was asked for: read once, so that the same command is the same batch."""

import hashlib
import json
import sys
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from tqdm import tqdm

from garden.models import Image
from generation.credits.accounts import is_limited, price_of
from generation.models import RetouchBatch
from generation.retouch.batch.folder import NAMESPACE, batch_id_of, choose_files, list_folder
from generation.retouch.batch.orders import choose_images, plan_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.errors import BadRecipeError
from generation.retouch.inpainters import engine_name

POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
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
        """Credits that all of them cost who asks, if none was made before; None for whoever has no limit."""
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
                raise BadRecipeError("--into", f"cannot hold both {other} and {name}: they would be one file")

    def _keys(self) -> dict[int, str]:
        """Of the garden's pictures, in the order of their keys; none that is in the trash."""
        wanted = Q()
        for place in self.places:
            wanted |= Q(key=place) | Q(key__startswith=f"{place.rstrip('/')}/")
        images = Image.objects.filter(wanted).exclude(state=Image.State.TRASH).order_by("key")
        return dict(images.values_list("pk", "key"))

    def _batch_id(self, names: list[str]) -> uuid.UUID:
        if self.again:
            return uuid.uuid4()
        if self.folder is not None:
            return batch_id_of(self.recipe, self.mask, self.folder, names, self.into)
        images = Image.objects.filter(key__in=names).order_by("key").values_list("key", "content_hash")
        told = json.dumps([self.into, self.recipe.as_json(), list(images)])
        return uuid.uuid5(NAMESPACE, told + hashlib.sha256(self.mask or b"").hexdigest())


def read_asked(options: dict[str, Any]) -> Asked:
    """Raises BadRecipeError naming the option."""
    folder, into = options["folder"], options["into"]
    if folder is not None and not folder.is_dir():
        raise BadRecipeError("--folder", "is no folder")
    inside = folder is not None and into not in ("", POOL) and Path(into).resolve().is_relative_to(folder.resolve())
    if inside:
        raise BadRecipeError("--into", "must not lie in the folder that is read")
    if folder is not None and into == POOL and not options["emotion"]:
        raise BadRecipeError("--emotion", "is needed to put pictures of a folder into the pool")
    if into == POOL and not options["by"]:
        raise BadRecipeError("--by", "is needed to put pictures into the pool")
    return Asked(
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
        raise BadRecipeError("recipe", f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadRecipeError("recipe", f"is no JSON: {error}") from error


def _read(path: Path | None) -> bytes | None:
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise BadRecipeError("--mask", f"cannot be read: {error.strerror}") from error


def _user(name: str) -> AbstractBaseUser | None:
    user = get_user_model()._default_manager.filter(username=name).first() if name else None
    if name and user is None:
        raise BadRecipeError("--by", f"names nobody: there is no user {name}")
    return user
