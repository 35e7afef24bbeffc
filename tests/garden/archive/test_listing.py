"""Which snapshots there are is asked of their seals: a year of nights has tens of thousands of pages."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from garden.archive.layout import page_name, seal_name
from garden.archive.places import DiskPlace
from garden.archive.places.base import Place
from garden.archive.snapshot import list_snapshots
from garden.archive.stores import Vault

NIGHTS = [f"202611{day:02}T000000Z000000" for day in range(1, 9)]


def lie(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}")


def nights(folder: Path, pages: int) -> Vault:
    for time in NIGHTS:
        lie(folder, seal_name(time), *(page_name(time, f"rows/garden.model{number}", 1) for number in range(pages)))
    return Vault(DiskPlace(folder))


def asked_of_files(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many files were asked for what they are, and folders for what they hold."""
    asked: Counter[str] = Counter()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*args: Any, **kwargs: Any) -> Any:
            asked[name] += 1
            return real(*args, **kwargs)

        return ask

    with monkeypatch.context() as patch:
        for name in ("stat", "scandir", "open"):
            patch.setattr(os, name, counted(name, getattr(os, name)))
        assert list_snapshots(vault) == (NIGHTS, [])
    return asked.total()


def test_it_asks_once_for_each_snapshot_however_many_pages_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = nights(tmp_path / "few", 1), nights(tmp_path / "many", 70)
    assert asked_of_files(many, monkeypatch) == asked_of_files(few, monkeypatch) == len(NIGHTS) + 1


def test_a_place_that_is_listed_and_one_that_is_asked_say_the_same(tmp_path: Path) -> None:
    begun, whole, odd = "20261120T000000Z000000", "20261121T000000Z000000", "20261122T000000Z000000"
    lie(tmp_path, page_name(begun, "files", 1), page_name(whole, "files", 1), seal_name(whole))
    lie(tmp_path, f"{seal_name(odd)}/not-a-seal", "snapshots/loose-file", "snapshots/elsewhere/snapshot.json")
    (tmp_path / "snapshots" / "20261123T000000Z000000" / "rows").mkdir(parents=True)
    place = DiskPlace(tmp_path)
    asked, listed = place.sealed("snapshots", "snapshot.json"), Place.sealed(place, "snapshots", "snapshot.json")
    assert asked == listed == {begun: False, whole: True, odd: False, "elsewhere": True}
    assert list_snapshots(Vault(place)) == ([whole], [begun, odd])


def test_where_there_is_no_backup_there_is_no_snapshot(tmp_path: Path) -> None:
    assert list_snapshots(Vault(DiskPlace(tmp_path / "nothing"))) == ([], [])
