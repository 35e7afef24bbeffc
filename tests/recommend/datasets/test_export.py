"""Exports for Personalize and Gorse: no formulas, whole files; and whether Personalize would accept them."""

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from garden.models import Visitor
from recommend.datasets.importing import import_interactions, import_users
from recommend.datasets.io import gorse_id, write
from recommend.datasets.schema import USERS, impression_cell, interaction_row, user_row
from tests.recommend.cast import interact, plant
from tests.recommend.datasets.cast import garden, run

pytestmark = pytest.mark.django_db


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def test_it_writes_personalizes_columns(tmp_path: Path) -> None:
    a, b, happy = garden()
    message = run("export_dataset", folder=tmp_path)
    assert message.splitlines()[2] == f"{tmp_path}/interactions/interactions.csv: 5 rows."
    users = read(tmp_path / "users" / "users.csv")
    assert users[1] == {"USER_ID": "ann", "GENERATION": "adult", "GENDER": "Female", "EMOTION": "calm"}
    items = read(tmp_path / "items" / "items.csv")
    seconds = str(int(happy.published_at.timestamp()))  # type: ignore[union-attr]
    assert items[2] == {
        "ITEM_ID": happy.key,
        "TIMESTAMP": seconds,
        "CREATION_TIMESTAMP": seconds,
        "EMOTION": "happy/cat",
    }
    likes = read(tmp_path / "interactions" / "interactions.csv")
    assert (likes[0]["USER_ID"], likes[0]["ITEM_ID"]) == ("ann", a.key)
    assert (likes[0]["EVENT_TYPE"], likes[0]["IMPRESSION"]) == ("click", f"{a.key}|{b.key}")
    assert [row["EVENT_TYPE"] for row in likes] == ["click"] * 4 + ["dislike"]


def test_a_spreadsheet_has_nothing_to_run_and_a_machine_gets_it_verbatim(tmp_path: Path) -> None:
    garden()
    run("export_dataset", folder=tmp_path)
    assert read(tmp_path / "users" / "users.csv")[0]["USER_ID"] == "'=cmd|' /C calc'!A0"
    run("export_dataset", folder=tmp_path, verbatim=True)
    assert read(tmp_path / "users" / "users.csv")[0]["USER_ID"] == "=cmd|' /C calc'!A0"


def test_without_a_folder_it_goes_to_storage_under_the_same_name_each_time() -> None:
    garden()
    run("export_dataset")
    run("export_dataset")
    with default_storage.open("dataset/interactions/interactions.csv") as file:
        assert file.read().count(b"\r\n") == 6
    assert default_storage.listdir("dataset/users")[1] == ["users.csv"]


def test_gorse_gets_ids_without_slashes(tmp_path: Path) -> None:
    a, *_ = garden()
    run("export_dataset", folder=tmp_path, format="gorse")
    feedback = read(tmp_path / "feedback" / "feedback.csv")
    assert list(feedback[0]) == ["feedback_type", "user_id", "item_id", "time_stamp"]
    assert "/" not in feedback[0]["item_id"]
    assert unquote(feedback[0]["item_id"]) == a.key
    assert feedback[0]["time_stamp"].endswith("+0000 UTC")
    items = read(tmp_path / "items" / "items.csv")
    assert (items[2]["categories"], items[2]["is_hidden"]) == ("happy", "false")
    assert '"favorite": "cat"' in items[2]["labels"]
    with pytest.raises(CommandError, match="has no interactions"):
        run("export_dataset", folder=tmp_path, format="gorse", only="interactions")


@given(st.text())
def test_an_id_of_gorse_is_read_back_and_is_no_formula(text: str) -> None:
    assert unquote(gorse_id(text)) == text
    assert gorse_id(text)[:1] not in {"=", "+", "-", "@", "\t", "/"}


@given(st.lists(st.text("abc/|", min_size=1, max_size=300), max_size=25), st.integers(0, 24))
def test_an_impression_fits_and_holds_the_item(shown: list[str], place: int) -> None:
    item = shown[place % len(shown)] if shown else "a"
    cell = impression_cell(item, shown)
    assert len(cell) <= 1_000
    assert set(cell.split("|")) - {""} <= set(shown)
    assert "|" in item or item not in shown or item in cell.split("|")


def test_a_dry_run_only_counts(tmp_path: Path) -> None:
    garden()
    assert "interactions.csv: 5 rows would be written." in run("export_dataset", folder=tmp_path, dry_run=True)
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    garden()
    run("export_dataset", folder=tmp_path)
    before = (tmp_path / "users" / "users.csv").read_bytes()

    def breaks(*args: Any, **options: Any) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr("recommend.datasets.io.write", breaks)
    with pytest.raises(CommandError, match="the disk is full"):
        run("export_dataset", folder=tmp_path)
    assert (tmp_path / "users" / "users.csv").read_bytes() == before
    assert [path.name for path in (tmp_path / "users").iterdir()] == ["users.csv"]


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 10_000):
        have = Visitor.objects.count()
        Visitor.objects.bulk_create([Visitor(id=f"visitor-{n}") for n in range(have, count)], batch_size=1_000)
        with (tmp_path / "users.csv").open("w") as file:
            tracemalloc.start()
            assert write(USERS, file, verbatim=False, watch=lambda rows, dataset: rows) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0] < 4_000_000


def test_it_counts_and_reports_what_personalize_would_refuse() -> None:
    garden()
    plant(1, "sad")
    facts = json.loads(run("dataset_info", json=True))
    assert (facts["users"], facts["items"], facts["interactions"], facts["active_users"]) == (2, 4, 5, 2)
    coverage = {row["emotion"]: row for row in facts["coverage"]}
    assert coverage["calm"] == {"emotion": "calm", "pictures": 2, "shown": 2, "liked": 1, "likes": 2}
    assert coverage["happy"] == {"emotion": "happy", "pictures": 1, "shown": 1, "liked": 1, "likes": 2}
    assert coverage["sad"]["shown"] == 0
    assert facts["refusals"] == [
        "5 interactions; Personalize needs 1,000",
        "2 users with 2 interactions or more; Personalize needs 25",
    ]


def test_it_names_what_is_too_long_unknown_or_nobodys() -> None:
    (long,) = plant(1, "calm/" + "x" * 255)
    interact("ann", long, long)
    interact("bob", long, long)
    Visitor.objects.get(pk="bob").delete()
    table = run("dataset_info")
    assert "1 rows whose ITEM_ID has more than 256 characters" in table
    assert "1 interactions of deleted visitors" in table
    assert "1 users without any attribute" in table


def test_a_data_set_large_enough_is_accepted() -> None:
    (image,) = plant(1)
    import_users(user_row({"USER_ID": f"v{n}", "GENERATION": "adult"}) for n in range(25))
    rows = ({"USER_ID": f"v{n % 25}", "ITEM_ID": image.key, "TIMESTAMP": str(1_679_300_000 + n)} for n in range(1_000))
    import_interactions(map(interaction_row, rows))
    assert "Personalize would accept everything." in run("dataset_info")
