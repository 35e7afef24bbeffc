"""`manage.py retouch_batch`: a folder, or pictures of the garden, to the end and again."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from garden.models import Image
from generation.models import Canvas, RetouchBatch, Slot, Version
from generation.retouch.pixels import encode_shown, read_picture
from generation.retouch.versions import read_file, write_file
from tests.generation.credits.samples import curator
from tests.generation.retouch.batch.samples import garden
from tests.generation.retouch.samples import noisy

pytestmark = pytest.mark.django_db
RECIPE = {"region": "all", "settings": {"strength": 0.5, "feather": 0}}
SCRIPT = {"range": "2...10", "bodyRegion": "all", "maskExpand": 0, "maskShrink": 0, "fillAll": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two, ten, and one in a folder below; a file that is no picture, and one that only says so."""
    within = tmp_path / "given"
    (within / "below").mkdir(parents=True)
    for seed, name in enumerate(("garden-2.jpeg", "garden-10.png", "below/tree.webp")):
        kind = name.rpartition(".")[2]
        (within / name).write_bytes(encode_shown(noisy(seed=seed), kind))
    (within / "garden-3.png").write_bytes(b"no picture")
    (within / "notes.txt").write_text("notes")
    return within


def written(tmp_path: Path, recipe: Any) -> str:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe))
    return str(path)


def run(*options: str) -> tuple[int, str, str]:
    """Exit code, and what was said on both streams."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("retouch_batch", *options, "--work", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_folder_is_retouched_into_another_and_what_fails_is_named(folder: Path, tmp_path: Path) -> None:
    into, report = tmp_path / "made", tmp_path / "report.csv"
    code, out, err = run(
        written(tmp_path, RECIPE), "--folder", str(folder), "--into", str(into), "--report", str(report)
    )
    assert code == 1
    assert sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()) == [
        "below/tree.png",
        "garden-10.png",
        "garden-2.png",
    ]
    after = read_picture((into / "garden-2.png").read_bytes())
    before = read_picture((folder / "garden-2.jpeg").read_bytes())
    assert after.shape == before.shape
    assert (after != before).any()
    rows = list(csv.DictReader(report.read_text().splitlines()))
    assert [(row["name"], row["state"]) for row in rows] == [
        ("below/tree.webp", "done"),
        ("garden-2.jpeg", "done"),
        ("garden-3.png", "failed"),
        ("garden-10.png", "done"),
    ]
    assert err == "garden-3.png: file is no JPEG, PNG or WebP that can be read.\n"
    assert out.endswith("4 pictures: 3 done, 1 failed.\n")


def test_the_same_command_goes_on_and_makes_nothing_twice(folder: Path, tmp_path: Path) -> None:
    (folder / "garden-3.png").unlink()
    into = tmp_path / "made"
    command = (written(tmp_path, RECIPE), "--folder", str(folder), "--into", str(into))
    assert run(*command, "--preview")[0] == 0
    (into / "garden-2.png").unlink()
    assert run(*command)[0] == run(*command)[0] == 0
    assert (RetouchBatch.objects.count(), Canvas.objects.count(), Version.objects.count()) == (1, 3, 3)
    assert Slot.objects.count() == 3
    assert (into / "garden-2.png").exists()


def test_files_half_written_by_a_killed_command_are_removed(folder: Path, tmp_path: Path) -> None:
    (folder / "garden-3.png").unlink()
    old, fresh = tmp_path / "made" / "below" / ".draft-a", tmp_path / "made" / ".draft-b"
    old.parent.mkdir(parents=True)
    for draft in (old, fresh):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert run(written(tmp_path, RECIPE), "--folder", str(folder), "--into", str(tmp_path / "made"))[0] == 0
    assert (old.exists(), fresh.exists()) == (False, True)


def test_its_cost_is_reported_before_it_starts(tmp_path: Path, settings: Any) -> None:
    settings.RETOUCH_PRICES = {"quick": 2}
    garden(3)
    curator(daily=5)
    command = (written(tmp_path, RECIPE), "--pictures", "imgPool/calm", "--by", "cleo")
    _code, out, _err = run(*command, "--dry-run")
    assert out.endswith("At most 6 credits of cleo.\n")
    with pytest.raises(CommandError, match="Credits left: 5; this costs 6"):
        run(*command)


def test_into_the_pool_each_becomes_a_picture_once(folder: Path, tmp_path: Path, pia: Any) -> None:
    (folder / "garden-3.png").unlink()
    command = (written(tmp_path, RECIPE), "--folder", str(folder), "--into", "pool", "--emotion", "calm", "--by", "pia")
    assert run(*command)[0] == 0
    assert run(*command)[0] == 0
    pictures = Image.objects.pool()
    assert pictures.count() == 3
    assert {(picture.emotion, default_storage.exists(picture.key)) for picture in pictures} == {("calm", True)}


def test_pictures_of_the_garden_are_named_by_key_or_folder_and_the_clients_script_is_read(tmp_path: Path) -> None:
    images = garden(3)
    recipe = written(tmp_path, SCRIPT)
    code, out, _err = run(recipe, "--pictures", "imgPool/calm", "--dry-run")
    assert (code, out) == (0, f"     3  {images[2].key}\n")
    assert not RetouchBatch.objects.exists()
    assert run(recipe, "--pictures", "imgPool/calm")[0] == 0
    assert Version.objects.get().canvas.image == images[2]


@pytest.mark.parametrize(
    ("recipe", "options", "reported"),
    [
        ({"region": "body"}, ["--pictures", "imgPool"], "region must be one of"),
        ({"settings": {"steps": 0}}, ["--pictures", "imgPool"], "settings.steps must be"),
        ({}, ["--pictures", "imgPool/nothing"], "range leaves no picture"),
        ({}, ["--folder", "nowhere"], "--folder is no folder"),
        ({}, ["--pictures", "imgPool", "--by", "nobody"], "there is no user nobody"),
        ({}, ["--pictures", "imgPool", "--into", "pool"], "--by is needed"),
        ({"region": "mask"}, ["--pictures", "imgPool"], "mask is missing"),
    ],
)
def test_what_is_wrong_is_named_and_ends_with_2(tmp_path: Path, recipe: Any, options: list[str], reported: str) -> None:
    garden(1)
    with pytest.raises(CommandError, match=reported) as refused:
        run(written(tmp_path, recipe), *options)
    assert refused.value.returncode == 2
    assert not RetouchBatch.objects.exists()


def test_results_are_never_written_into_the_input_folder_nor_two_into_one_file(folder: Path, tmp_path: Path) -> None:
    recipe = written(tmp_path, RECIPE)
    with pytest.raises(CommandError, match="must not lie in the folder"):
        run(recipe, "--folder", str(folder), "--into", str(folder / "made"))
    (folder / "garden-2.png").write_bytes(encode_shown(noisy(), "png"))
    with pytest.raises(CommandError, match="cannot hold both"):
        run(recipe, "--folder", str(folder), "--into", str(tmp_path / "made"))


def test_a_file_added_later_is_made_and_the_others_are_skipped(folder: Path, tmp_path: Path) -> None:
    (folder / "garden-3.png").unlink()
    command = (written(tmp_path, RECIPE), "--folder", str(folder))
    run(*command)
    (folder / "garden-11.png").write_bytes(encode_shown(noisy(seed=9), "png"))
    code, out, _err = run(*command)
    assert (code, out.splitlines()[-1]) == (0, "4 pictures: 1 done, 3 skipped.")
    assert Version.objects.count() == 4


def test_failed_pictures_are_retried_on_request(tmp_path: Path) -> None:
    [image] = garden(1)
    content = read_file(image.key)
    default_storage.delete(image.key)
    command = (written(tmp_path, RECIPE), "--pictures", image.key)
    assert run(*command)[0] == 1
    write_file(image.key, content)
    assert run(*command)[0] == 1
    assert run(*command, "--retry")[0] == 0
