"""Keys that a backup may name: relative, without tricks, and writable on every storage."""

import unicodedata

from garden.storage.keys import MAX_LENGTH

LEFT_OUT = {
    "derived": "made anew from the pictures (make_thumbnails)",
    ".incoming": "being written",
    "profile": "photos of visitors, which the seeds kept and this site does not",
    "dataset": "lists for Personalize, made anew from the rows",
}
"""Folders of a storage that no backup holds, and why."""
_LONGEST_NAME = 255
_UNSEEN = {"Cc", "Cs"}


def problem_of(key: str) -> str:
    """Why a backup refuses a key; empty when it does not."""
    folder = key.split("/")[0]
    return malformation_of(key) or (f"{folder}/ is left out of backups" if folder in LEFT_OUT else "")


def malformation_of(key: str) -> str:
    """Why a key cannot be written on every storage; empty when it can."""
    parts = key.split("/")
    if any(unicodedata.category(letter) in _UNSEEN for letter in key):
        return "it holds control characters"
    if len(key.encode()) > MAX_LENGTH or max(len(part.encode()) for part in parts) > _LONGEST_NAME:
        return f"it is longer than {MAX_LENGTH} bytes, or a part of it than {_LONGEST_NAME}"
    if key.startswith("/") or not {"", ".", ".."}.isdisjoint(parts):
        return "it is no plain relative path"
    return ""
