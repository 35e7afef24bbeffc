"""The layout of keys, unchanged from the seed systems.

`imgPool/[{emotion}/[{favorite}/]]img_…{h|v}.jpeg` is made and not yet shown, `emotions/…` is published.
A key is kept byte for byte: it is read here, never rewritten.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from garden.errors import RefusedError
from garden.vocabulary import Emotion, Orientation

POOL = "imgPool"
SERVING = "emotions"
MAX_LENGTH = 1024
_UNSAFE = {"", ".", ".."}
_EMOTIONS_IN = {SERVING: set(Emotion), POOL: {"", *Emotion}}
"""A picture made from free text has no emotion until a curator gives it one; it waits in the pool."""


class InvalidKeyError(RefusedError):
    """A key that does not fit the layout."""

    code = "invalid_key"


@dataclass(frozen=True, slots=True)
class KeyParts:
    """What a key says: its root folder, emotion and favorite (each may be empty), and orientation."""

    root: str
    emotion: str
    favorite: str
    orientation: Orientation


def parse_key(key: str) -> KeyParts:
    """Read a key. Raises InvalidKeyError naming the rule it breaks."""
    if len(key.encode(errors="replace")) > MAX_LENGTH:
        raise InvalidKeyError(f"key has more than {MAX_LENGTH} bytes.", field="key")
    root, *folders = key.split("/")[:-1] or [""]
    name = key.rpartition("/")[2]
    if root not in (POOL, SERVING) or not name or _UNSAFE & set(folders) or not key.isprintable():
        raise InvalidKeyError(f"key {key!r} is not {POOL}/emotion[/favorite]/name or {SERVING}/….", field="key")
    emotion, favorite = (folders[0], "/".join(folders[1:])) if folders else ("", "")
    if emotion not in _EMOTIONS_IN[root]:
        raise InvalidKeyError(f"key {key!r}: {emotion!r} is not one of {', '.join(Emotion)}.", field="key")
    return KeyParts(root, emotion, favorite, orientation_of(name))


def orientation_of(key: str) -> Orientation:
    """Portrait when the last character before the extension is `v`, landscape otherwise."""
    stem, dot, _ = key.rpartition(".")
    return Orientation.PORTRAIT if (stem if dot else key).endswith("v") else Orientation.LANDSCAPE


def published_key(pool_key: str) -> str:
    """The serving key of a pool key: `imgPool/x` becomes `emotions/x`."""
    return SERVING + pool_key.removeprefix(POOL)


def join_emotion(emotion: str, favorite: str) -> str:
    """`calm` or `calm/cat`, as requests, answers and Personalize write it."""
    return f"{emotion}/{favorite}" if favorite else emotion


def split_emotion(text: str) -> tuple[str, str]:
    """`calm/cat` → (`calm`, `cat`); `calm` → (`calm`, ``)."""
    emotion, _, favorite = text.partition("/")
    return emotion, favorite


def is_favorite(text: str) -> bool:
    """Whether it can name a folder of a key: printable, no slash, not `.` or `..`, at most 100 characters."""
    return bool(text) and "/" not in text and text not in _UNSAFE and text.isprintable() and len(text) <= 100


def key_of(key_or_url: str) -> str:
    """The key in a full URL of an image; a bare key, or what is no URL after all, is returned as it is."""
    if "://" not in key_or_url:
        return key_or_url
    try:
        path = unquote(urlsplit(key_or_url).path)
    except ValueError:
        return key_or_url
    if "\0" in path:  # No key holds one, and PostgreSQL refuses to look for it.
        return key_or_url
    for root in (POOL, SERVING):
        _, found, rest = f"/{path.lstrip('/')}".partition(f"/{root}/")
        if found:
            return f"{root}/{rest}"
    return path.lstrip("/")
