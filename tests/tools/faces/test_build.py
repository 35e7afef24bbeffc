"""Converting the networks at setup: checked, whole, and only when needed."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.garden.faces.conftest import NODE_MODULES
from tools.faces import build as module
from tools.faces.build import MANIFEST, build
from tools.faces.sources import NETWORKS, SourceError

EMOTION = [network for network in NETWORKS if network.name == "emotion"]


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A `node_modules` with the emotion network alone."""
    for file in (EMOTION[0].manifest, EMOTION[0].weights):
        copy = tmp_path / "node_modules" / file.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(NODE_MODULES / file.path, copy)
    return tmp_path / "node_modules"


def converted(packages: Path, folder: Path, *, force: bool = False) -> list[bool]:
    return [step.converted for step in build(node_modules=packages, folder=folder, force=force, networks=EMOTION)]


def test_it_converts_every_network(models: Path) -> None:
    assert {path.name for path in models.glob("*.onnx")} == {network.file_name for network in NETWORKS}


def test_it_leaves_alone_what_is_up_to_date(packages: Path, tmp_path: Path) -> None:
    assert converted(packages, tmp_path) == [True]
    assert converted(packages, tmp_path) == [False]


def test_it_needs_no_packages_when_all_is_up_to_date(packages: Path, tmp_path: Path) -> None:
    converted(packages, tmp_path)
    shutil.rmtree(packages)
    assert converted(packages, tmp_path) == [False]


def test_it_converts_again_when_forced(packages: Path, tmp_path: Path) -> None:
    converted(packages, tmp_path)
    assert converted(packages, tmp_path, force=True) == [True]


def test_it_converts_again_what_was_altered(packages: Path, tmp_path: Path) -> None:
    converted(packages, tmp_path)
    (tmp_path / "emotion.onnx").write_bytes(b"half a file")
    assert converted(packages, tmp_path) == [True]


def test_it_converts_again_after_a_change_of_the_converter(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted(packages, tmp_path)
    monkeypatch.setattr(module, "CONVERTER_VERSION", module.CONVERTER_VERSION + 1)
    assert converted(packages, tmp_path) == [True]


def test_it_makes_the_same_bytes_each_time(packages: Path, tmp_path: Path) -> None:
    converted(packages, tmp_path)
    first = (tmp_path / "emotion.onnx").read_bytes()
    converted(packages, tmp_path, force=True)
    assert (tmp_path / "emotion.onnx").read_bytes() == first


def test_it_refuses_a_file_whose_sha_256_differs(packages: Path, tmp_path: Path) -> None:
    weights = packages / EMOTION[0].weights.path
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    with pytest.raises(SourceError, match=r"emotion\.bin is not the file of the pinned version"):
        converted(packages, tmp_path)
    assert not (tmp_path / "emotion.onnx").exists()


def test_it_asks_for_npm_when_the_packages_are_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="npm ci"):
        call_command("build_models", folder=tmp_path / "face", node_modules=tmp_path, verbosity=0)


def test_the_command_says_what_conversion_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tools.faces.convert", None)
    with pytest.raises(CommandError, match=r"requirements/tools\.txt"):
        call_command("build_models", folder=tmp_path, node_modules=NODE_MODULES, verbosity=0)


def test_it_leaves_no_temporary_file_behind(packages: Path, tmp_path: Path) -> None:
    folder = tmp_path / "face"
    converted(packages, folder)
    assert {path.name for path in folder.iterdir()} == {"emotion.onnx", MANIFEST}


def test_it_starts_over_when_its_manifest_is_damaged(packages: Path, tmp_path: Path) -> None:
    converted(packages, tmp_path)
    (tmp_path / MANIFEST).write_text("{")
    assert converted(packages, tmp_path) == [True]
    assert set(json.loads((tmp_path / MANIFEST).read_text())) == {"emotion"}


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("build_models", folder=tmp_path, node_modules=NODE_MODULES, verbosity=0)
    assert "11 networks converted, 0 up to date" in capsys.readouterr().out
