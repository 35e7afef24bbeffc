"""A folder of pictures onto easels of their own: who has the folder opens them, workers need only the storage."""

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser

from garden.errors import RefusedError
from generation.retouch.batch.orders import Chosen, refuse_too_many
from generation.retouch.batch.recipe import Recipe
from generation.retouch.versions import open_upload

SUFFIXES = (".jpeg", ".jpg", ".png", ".webp")
NAMESPACE = uuid.UUID("6a3f5d0e-6c1c-4b7e-9f6d-2d0f4a1f7b35")
_DIGITS = re.compile(r"(\d+)")


def list_folder(folder: Path) -> list[str]:
    """Pictures in a folder and those below it, as paths within it, in the order in which people count: 2 before 10."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in found]
    visible = [name for name in names if not any(part.startswith(".") for part in name.split("/"))]
    return sorted(visible, key=_counting)


def choose_files(
    recipe: Recipe,
    folder: Path,
    *,
    by: AbstractBaseUser | None,
    on_file: Callable[[], object] = lambda: None,
) -> dict[int, Chosen]:
    """Those of the ranges, opened; again they are the same canvases. What is no picture has an error."""
    names = list_folder(folder)
    places = recipe.picked(names)
    refuse_too_many(len(places))
    chosen = {}
    for place in places:
        chosen[place + 1] = _open(folder, names[place], by)
        on_file()
    return chosen


def batch_id_of(recipe: Recipe, mask: bytes | None, folder: Path, names: Sequence[str], into: str) -> uuid.UUID:
    """The same for the same command on the same files: begun again it goes on."""
    told = [str(folder.resolve()), into, recipe.fingerprint(mask), str(recipe.range), str(recipe.numbers)]
    for name in names:
        about = (folder / name).stat()
        told.append(f"{name} {about.st_size} {about.st_mtime_ns}")
    return uuid.uuid5(NAMESPACE, "\n".join(told))


def _open(folder: Path, name: str, by: AbstractBaseUser | None) -> Chosen:
    """One canvas for a path and its content."""
    content = (folder / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    canvas_id = uuid.uuid5(NAMESPACE, f"{(folder / name).resolve()}\n{digest}")
    try:
        canvas = open_upload(content=content, title=name[-200:], by=by, canvas_id=canvas_id)
    except RefusedError as error:
        return Chosen(name=name, error=error.detail)
    return Chosen(name=name, content_hash=digest, canvas=canvas)


def _counting(name: str) -> list[tuple[int, int, str]]:
    parts = _DIGITS.split(name.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
