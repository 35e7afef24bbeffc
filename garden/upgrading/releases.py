"""Releases by their databases."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("releases.toml")


@cache
def releases() -> dict[str, dict[str, str]]:
    """By version, oldest first: the newest migration of each app."""
    with FILE.open("rb") as file:
        return dict(tomllib.load(file))


def last_release() -> dict[str, str]:
    return list(releases().values())[-1]


def is_newer(app: str, name: str, release: dict[str, str]) -> bool:
    """Whether a migration came after this release; migrations are numbered in their order."""
    return name > release.get(app, "")
