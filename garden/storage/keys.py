"""The layout of keys, unchanged from the seed systems.

`imgPool/[{emotion}/[{favorite}/]]img_…{h|v}.jpeg` is made and not yet shown, `emotions/…` is published.
A key is kept byte for byte: it is read here, never rewritten.
"""

import re
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from garden.errors import RefusedError
from garden.vocabulary import Emotion, Orientation

POOL = "imgPool"
SERVING = "emotions"
MAX_LENGTH = 1024
_UNSAFE = {"", ".", ".."}
_DECODINGS = 2
_HOST = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_ADDRESS = re.compile(rf"/|{_HOST.pattern}")
_ROOT = re.compile(rf"(?<![^/])(?:{POOL}|{SERVING})/")
_QUERY = re.compile(r"[?#]")
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


def candidate_keys(text: str) -> list[str]:
    """The keys that a client's text may name, in order of precedence: at most one of them is meant.

    `text` is a key or the URL of a picture, plain, percent-encoded, or encoded once more, with or without a query.
    A key may itself hold `%2C` or `?`, so only the stored keys decide: the text itself comes first, then
    decoded once, then twice. A URL is always encoded, so there the decoded form comes first. `+` is a plus.
    """
    forms, levels = [text], []
    for _ in range(1 + _DECODINGS):
        forms = list(dict.fromkeys(part for form in forms for part in (form, _QUERY.split(form, 1)[0])))
        levels.append([key for form in forms if (key := _key_in(form))])
        forms = [unquote(form) for form in forms]
    if _ADDRESS.match(text):
        levels[:2] = reversed(levels[:2])
    return list(dict.fromkeys(chain.from_iterable(levels)))


def _key_in(form: str) -> str:
    """What begins with the first root folder of a path; empty where no row can have that key."""
    path = _HOST.sub("", form)
    root = _ROOT.search(path)
    key = path[root.start() :] if root else ""
    return key if key.isprintable() and len(key.encode()) <= MAX_LENGTH else ""
