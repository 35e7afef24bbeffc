"""The version of a page is another one when its files are."""

from pathlib import Path

import pytest

from garden.ops import version
from garden.ops.version import project_version


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "js" / "wall").mkdir(parents=True)
    (tmp_path / "js" / "kiosk.js").write_text("show()", encoding="utf-8")
    monkeypatch.setattr(version, "STATIC_FILES", tmp_path)
    return tmp_path


def fresh() -> str:
    return version.page_version.__wrapped__()


def test_it_begins_with_the_gardens_own_version(files: Path) -> None:
    assert fresh().startswith(f"{project_version()}+")
    assert len(fresh()) <= 50


def test_a_changed_and_a_renamed_script_are_another_version(files: Path) -> None:
    seen = {fresh()}
    script = files / "js" / "kiosk.js"
    script.write_text("hide()", encoding="utf-8")
    seen.add(fresh())
    script.rename(files / "js" / "page.js")
    assert len(seen | {fresh()}) == 3


def test_what_walls_load_makes_no_kiosk_old(files: Path) -> None:
    before = fresh()
    (files / "js" / "wall" / "main.js").write_text("play()", encoding="utf-8")
    (files / "picture.svg").write_text("<svg/>", encoding="utf-8")
    assert fresh() == before
