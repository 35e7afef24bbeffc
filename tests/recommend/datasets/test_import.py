"""Imports are all or nothing, idempotent and byte for byte, with every mistake named."""

import csv
import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from garden.models import Image, Visitor
from garden.services import register_image
from recommend.datasets.importing import check_file, import_interactions
from recommend.models import ImageRate, Interaction
from recommend.services.history import rebuild_rates
from tests.recommend.cast import counts_of, plant
from tests.recommend.datasets.cast import LIKE_COLUMNS, USER_COLUMNS, garden, likes, run, write
from tests.support.pictures import coffee

pytestmark = pytest.mark.django_db
THEN = 1_679_300_000


def test_an_export_imported_again_adds_nothing_and_imported_elsewhere_gives_all(tmp_path: Path) -> None:
    garden()
    before = likes()
    run("export_dataset", folder=tmp_path)
    assert "interactions: 0 imported, 5 known" in run("import_dataset", tmp_path)
    assert likes() == before
    for model in (Interaction, ImageRate, Visitor):
        model.objects.all().delete()
    assert "users: 2 imported, 0 known" in run("import_dataset", tmp_path)
    assert sorted(likes()) == sorted(before)
    assert set(Visitor.objects.values_list("id", "emotion")) == {("ann", "calm"), ("=cmd|' /C calc'!A0", "calm")}
    assert rebuild_rates(dry_run=True).differences == 0


def test_two_likes_in_one_second_are_two_however_often_they_are_read(tmp_path: Path) -> None:
    (image,) = plant(1)
    row = f"ann,{image.key},{THEN},click,{image.key}"
    file = write(tmp_path / "likes.csv", LIKE_COLUMNS, row, row)
    assert "2 imported, 0 known" in run("import_dataset", file)
    assert "0 imported, 2 known" in run("import_dataset", file)
    write(file, LIKE_COLUMNS, row, row, row)
    assert "1 imported, 2 known" in run("import_dataset", file)
    assert counts_of(image) == (3, 3)


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (image,) = plant(1)
    rows = [f"visitor-{n % 70},{image.key},{THEN + n // 3},click,{image.key}" for n in range(200)]
    file = write(tmp_path / "likes.csv", LIKE_COLUMNS, *rows)
    monkeypatch.setattr("recommend.datasets.importing.BATCH", 30)
    checked = check_file(file)

    def dies_after(count: int) -> Any:
        for number, row in enumerate(checked.read()):
            if number == count:
                raise KeyboardInterrupt
            yield row

    for count in (0, 45, 100, 170):
        with pytest.raises(KeyboardInterrupt):
            import_interactions(dies_after(count))
    run("import_dataset", file)
    assert len(likes()) == 200
    assert counts_of(image) == (200, 200)
    assert rebuild_rates(dry_run=True).differences == 0


def test_every_mistake_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (image,) = plant(1)
    good = f"ann,{image.key},{THEN},click,{image.key}"
    bad = write(
        tmp_path / "likes.csv",
        LIKE_COLUMNS,
        good,
        f",{image.key},{THEN},click,",
        f"ann,{image.key},soon,click,",
        f"ann,{image.key},99,click,",
        f"ann,{image.key},{THEN},purchase,",
        f"ann,{image.key},{THEN},click,,,more",
        f"{'x' * 257},{image.key},{THEN},click,",
    )
    users = write(tmp_path / "users.csv", USER_COLUMNS, "ann,ancient,Male,calm", "bob,adult,Male,CALM")
    with pytest.raises(CommandError, match="Problems: 7; nothing was imported"):
        run("import_dataset", bad, users)
    assert not Visitor.objects.exists()
    found = [(problem.line, problem.field) for problem in check_file(bad).problems]
    fields = [(3, "USER_ID"), (4, "TIMESTAMP"), (5, "TIMESTAMP"), (6, "EVENT_TYPE"), (7, "row"), (8, "USER_ID")]
    assert found == fields
    (wrong,) = check_file(users).problems
    assert str(wrong).startswith(f"{users}:2: GENERATION: 'ancient' is not one of toddler, child")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"NAME,AGE\r\nann,3\r\n", "neither USER_ID nor ITEM_ID"),
        (b"USER_ID,EMOTION\r\n\xff\xfe,calm\r\n", "utf-8"),
        (b'{"Item": {"USER_ID": {"S": "ann"}}}\n{"Item": nonsense}\n', "line 2 is not a DynamoDB item"),
        (b'{"Items": [{"USER_ID": {"S": "ann"}}, {"USER_ID": ', "ends within item 2"),
        (b'{"Users": []}', "neither lines of"),
    ],
)
def test_an_invalid_file_is_reported_with_the_place_of_its_fault(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    (problem,) = check_file(tmp_path / "x.csv").problems
    assert words in str(problem)


def test_a_folder_without_files_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no CSV or JSON file"):
        run("import_dataset", tmp_path)
    with pytest.raises(CommandError, match="Problems: 1;"):
        run("import_dataset", tmp_path / "missing.csv")


LIKES_TABLE = [
    {
        "USER_ID": {"S": "ann"},
        "ITEM_ID": {"S": "emotions/calm/img_2023039-20405_0h.jpeg"},
        "TIMESTAMP": {"N": str(THEN * 1000 + 250)},
        "EVENT_TYPE": {"S": "click"},
        "IMPRESSION": {"L": [{"S": "emotions/calm/img_2023039-20405_0h.jpeg"}, {"S": "emotions/calm/other_h.jpeg"}]},
    },
    {"USER_ID": {"S": "bob"}, "ITEM_ID": {"S": "emotions/calm/gone_h.jpeg"}, "TIMESTAMP": {"N": str(THEN)}},
]


def _lines(items: list[dict[str, Any]]) -> str:
    return "".join(json.dumps({"Item": item}) + "\n" for item in items)


def _scan(items: list[dict[str, Any]]) -> str:
    return json.dumps({"Items": items, "Count": len(items), "ScannedCount": len(items)}, indent=4)


@pytest.mark.parametrize(
    ("written", "compressed"),
    [(_lines, True), (_scan, False), (lambda items: json.dumps({"Count": 2, "Items": items}), False)],
)
def test_the_seeds_table_of_likes_is_read_in_every_form(tmp_path: Path, written: Any, compressed: bool) -> None:
    file, content = tmp_path / "likes.json", written(LIKES_TABLE).encode()
    if compressed:
        file, content = tmp_path / "likes.json.gz", gzip.compress(content)
    file.write_bytes(content)
    assert "interactions: 2 imported" in run("import_dataset", tmp_path)
    first, second = likes()
    assert second[:4] == ("ann", "emotions/calm/img_2023039-20405_0h.jpeg", "like", THEN)
    assert second[4] == ("emotions/calm/img_2023039-20405_0h.jpeg", "emotions/calm/other_h.jpeg")
    assert first[:4] == ("bob", "emotions/calm/gone_h.jpeg", "like", THEN)


def test_the_seeds_tables_of_users_and_of_pictures_are_read(tmp_path: Path) -> None:
    key = "emotions/calm/cat/img_2023039-20405_0v.jpeg"
    default_storage.save(key, ContentFile(coffee()))
    user = {"USER_ID": {"S": "ann"}, "GENERATION": {"S": "adult"}, "GENDER": {"S": "Male"}, "EMOTION": {"S": "HAPPY"}}
    (tmp_path / "users.json").write_text(_lines([user]))
    index = {"ObjKey": {"S": key}, "Timestamp": {"N": str(THEN * 1000)}, "Emotion": {"S": "calm/cat"}}
    (tmp_path / "pictures.json").write_text(_scan([index]))
    run("import_dataset", tmp_path)
    assert Visitor.objects.values_list("id", "generation", "gender", "emotion").get() == (
        "ann",
        "adult",
        "Male",
        "happy",
    )
    image = Image.objects.get()
    assert (image.key, image.emotion_path, image.orientation) == (key, "calm/cat", "portrait")
    assert int(image.published_at.timestamp()) == THEN  # type: ignore[union-attr]
    assert "items: 0 imported, 1 known" in run("import_dataset", tmp_path)


def test_a_picture_without_a_file_is_left_out_and_reported(tmp_path: Path) -> None:
    file = write(tmp_path / "items.csv", "ITEM_ID,TIMESTAMP,EMOTION", f"emotions/calm/gone_h.jpeg,{THEN},calm")
    with pytest.raises(SystemExit):
        run("import_dataset", file)
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("emotions/bored/a_h.jpeg,1679300000,bored", "'bored' is not one of"),
        ("emotions/calm/a_h.jpeg,1679300000,happy", "'happy' is not the emotion of"),
        ("../../etc/passwd,1679300000,calm", "is not imgPool/emotion"),
    ],
)
def test_an_invalid_key_is_refused(tmp_path: Path, row: str, words: str) -> None:
    file = write(tmp_path / "items.csv", "ITEM_ID,TIMESTAMP,EMOTION", row)
    (problem,) = check_file(file).problems
    assert words in problem.rule


def test_unknown_is_imported_as_empty(tmp_path: Path) -> None:
    register_image(key="emotions/calm/a_h.jpeg", content=coffee(), origin="import")
    run("import_dataset", write(tmp_path / "users.csv", USER_COLUMNS, "ann,UNKNOWN,unknown,UNKNOWN"))
    assert Visitor.objects.values_list("generation", "gender", "emotion").get() == ("", "", "")
    items = write(tmp_path / "items.csv", "ITEM_ID,TIMESTAMP,EMOTION", f"emotions/calm/a_h.jpeg,{THEN},UNKNOWN")
    assert "0 imported, 1 known" in run("import_dataset", items)


def test_pictures_of_the_pool_are_taken_too(tmp_path: Path) -> None:
    key = "imgPool/calm/cat,snowy/a b_1v.jpeg"
    default_storage.save(key, ContentFile(coffee()))
    (tmp_path / "pool.json").write_text(_scan([{"ObjKey": {"S": key}, "Timestamp": {"N": str(THEN)}}]))
    run("import_dynamodb", tmp_path / "pool.json")
    image = Image.objects.get()
    assert (image.key, image.state, image.published_at) == (key, "pool", None)
    assert int(image.created_at.timestamp()) == THEN


def test_invalid_rows_are_passed_over_on_request_and_listed(tmp_path: Path) -> None:
    users = write(tmp_path / "users.csv", USER_COLUMNS, "ann,adult,Male,calm", "bob,ancient,Male,calm", ",,,")
    with pytest.raises(CommandError, match="Problems: 2"):
        run("import_dataset", users)
    assert not Visitor.objects.exists()
    rejects = tmp_path / "rejected.txt"
    assert "1 imported" in run("import_dataset", users, skip_invalid=rejects)
    assert Visitor.objects.get().pk == "ann"
    with rejects.open(newline="") as stream:
        assert [(row["LINE"], row["FIELD"]) for row in csv.DictReader(stream)] == [
            ("3", "GENERATION"),
            ("4", "USER_ID"),
        ]


def test_a_file_that_cannot_be_read_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"NAME,AGE\r\nann,3\r\n")
    (tmp_path / "y.json").write_bytes(b'{"Items": [{"USER_ID": {"S": "ann"}}, {"USER_ID": ')
    with pytest.raises(CommandError, match="nothing was imported"):
        run("import_dataset", tmp_path / "y.json", skip_invalid=tmp_path / "rejected.txt")
    assert not Visitor.objects.exists()


def test_the_folder_of_a_table_export_is_taken_as_it_lies(tmp_path: Path) -> None:
    export = tmp_path / "AWSDynamoDB" / "01693685827463-2d8752fd"
    (export / "data").mkdir(parents=True)
    (export / "_started").touch()
    (export / "manifest-summary.json").write_text('{"version": "2020-06-30", "itemCount": 1}')
    (export / "manifest-summary.md5").write_text("bOLFOWjdoFmzkQOQQ4A2GQ==")
    (export / "manifest-files.json").write_text('{"itemCount":1,"dataFileS3Key":"AWSDynamoDB/01/data/asdl.json.gz"}\n')
    (export / "manifest-files.md5").write_text("8GhRtUDfGYcfiEV6nMlsdw==")
    with gzip.open(export / "data" / "asdl123.json.gz", "wt") as stream:
        stream.write('{"Item":{"USER_ID":{"S":"ann"},"EMOTION":{"S":"UNKNOWN"}}}\n')
    assert "1 imported" in run("import_dynamodb", tmp_path / "AWSDynamoDB")
    assert Visitor.objects.get().pk == "ann"


def test_what_is_known_of_a_visitor_is_kept_and_filled_in(tmp_path: Path) -> None:
    Visitor.objects.create(id="ann", generation="elder")
    run("import_dataset", write(tmp_path / "users.csv", USER_COLUMNS, "ann,adult,female,Sad"))
    assert Visitor.objects.values_list("generation", "gender", "emotion").get() == ("elder", "Female", "sad")


def test_a_dry_run_checks_and_counts_and_writes_nothing(tmp_path: Path) -> None:
    (image,) = plant(1)
    file = write(tmp_path / "likes.csv", LIKE_COLUMNS, *[f"ann,{image.key},{THEN},click,"] * 3)
    assert "3 would be imported, 0 known" in run("import_dataset", file, dry_run=True)
    assert not Interaction.objects.exists()


KEYS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="|\0\r\n"), min_size=1, max_size=40
) | st.from_regex(r"'{0,2}[=+\-@\t][a-z]*", fullmatch=True)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KEYS, KEYS, st.lists(KEYS, max_size=3)), min_size=1, max_size=5))
def test_keys_go_out_and_come_back_as_they_are(tmp_path: Path, rows: list[tuple[str, str, list[str]]]) -> None:
    Interaction.objects.all().delete()
    Visitor.objects.all().delete()
    items = "".join(
        json.dumps({"Item": {"USER_ID": user, "ITEM_ID": item, "TIMESTAMP": THEN, "IMPRESSION": shown}}) + "\n"
        for user, item, shown in rows
    )
    (tmp_path / "likes.json").write_text(items, encoding="utf-8")
    run("import_dataset", tmp_path / "likes.json")
    run("export_dataset", folder=tmp_path / "out", only="interactions")
    before = sorted((*row[:4], tuple(dict.fromkeys(row[4]))) for row in likes())
    Interaction.objects.all().delete()
    Visitor.objects.all().delete()
    run("import_dataset", tmp_path / "out")
    assert sorted(likes()) == before


def test_memory_does_not_grow_with_rows(tmp_path: Path) -> None:
    file, peaks = tmp_path / "users.csv", []
    for count in (2_000, 10_000):
        write(file, USER_COLUMNS, *(f"visitor-{n},adult,Male,calm" for n in range(count)))
        tracemalloc.start()
        assert check_file(file).rows == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_it_takes_no_spreadsheet_for_a_table(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not an export of a table"):
        run("import_dynamodb", tmp_path / "users.csv")
