"""`sync_storage` finds every difference between storage and database, and repairs what can be repaired."""

import json
from io import StringIO
from pathlib import Path
from typing import Any, cast

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from garden.models import Image, ImageFile
from garden.services import register_image
from garden.storage.s3 import PictureS3Storage
from tests.garden.storage.conftest import storage_entry
from tests.support.pictures import encode

pytestmark = pytest.mark.django_db
KEYS = [
    "emotions/calm/img_2023039-20405_0h.jpeg",
    "emotions/happy/spring,cloudy,day/img 1_0v.jpeg",
    "imgPool/sad/x/y/z.jpeg",
    "imgPool/free_text.jpeg",
]


def jpeg(size: tuple[int, int] = (32, 20)) -> bytes:
    return encode(PIL.Image.new("RGB", size, "teal"))


def put(storage: Any, key: str, content: bytes) -> None:
    storage.save(key, ContentFile(content))


def sync(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    out = StringIO()
    try:
        call_command("sync_storage", "--json", *options, stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def found(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(difference["kind"], difference["key"]) for difference in report["differences"]}


def test_it_agrees_with_an_empty_site(site_storage: Any) -> None:
    assert sync() == (0, {"differences": [], "repaired": {}, "problems": []})


def test_it_only_reports_what_it_finds_unless_it_is_asked_to_apply(site_storage: Any) -> None:
    put(site_storage, KEYS[0], jpeg())
    code, report = sync()
    assert (code, found(report)) == (1, {("new file", KEYS[0])})
    assert not Image.objects.exists()


def test_it_takes_in_the_files_of_a_seed_with_their_keys_verbatim(site_storage: Any) -> None:
    for key in KEYS:
        put(site_storage, key, jpeg(size=(32, 20)))
    assert sync("--apply")[0] == 0
    images = {image.key: image for image in Image.objects.all()}
    assert set(images) == set(KEYS)
    calm, happy, sad, free = (images[key] for key in KEYS)
    assert (calm.state, calm.emotion, calm.width, calm.height, calm.origin) == ("serving", "calm", 32, 20, "import")
    assert (happy.favorite, happy.orientation) == ("spring,cloudy,day", "portrait")
    assert (sad.state, sad.favorite) == ("pool", "x/y")
    assert (free.state, free.emotion) == ("pool", "")


def test_it_has_nothing_left_to_do_the_second_time(site_storage: Any) -> None:
    for key in KEYS:
        put(site_storage, key, jpeg())
    sync("--apply")
    assert sync() == (0, {"differences": [], "repaired": {}, "problems": []})


def test_it_goes_on_where_it_was_stopped(site_storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        put(site_storage, f"emotions/calm/{number}.jpeg", jpeg())
    monkeypatch.setattr("garden.storage.sync.BATCH", 2)
    sound = Image.objects.bulk_create
    calls = []

    def fail_at_the_second(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return sound(*args, **kwargs)

    monkeypatch.setattr(Image.objects, "bulk_create", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        sync("--apply")
    assert Image.objects.count() == 2
    assert sync("--apply")[0] == 0
    assert Image.objects.count() == 6


def test_it_moves_images_without_their_file_to_the_trash(site_storage: Any) -> None:
    image, _other = (register_image(key=key, content=jpeg(), origin="painter") for key in KEYS[:2])
    site_storage.delete(image.key)
    code, report = sync()
    assert (code, found(report)) == (1, {("missing file", image.key), ("never read", KEYS[1])})
    assert sync("--apply")[1]["repaired"] == {"missing file": 1, "never read": 1}
    image.refresh_from_db()
    assert (image.state, image.trash_reason) == ("trash", "file_missing")


def test_it_agrees_once_an_image_without_its_file_is_in_the_trash(site_storage: Any) -> None:
    image, removed, _other = (register_image(key=key, content=jpeg(), origin="painter") for key in KEYS[:3])
    Image.objects.filter(pk=removed.pk).withdraw()
    for each in (image, removed):
        site_storage.delete(each.key)
    sync("--apply")
    assert sync() == (0, {"differences": [], "repaired": {}, "problems": []})


def test_an_image_returns_from_the_trash_with_its_file(site_storage: Any) -> None:
    image, _other = (register_image(key=key, content=jpeg(), origin="painter") for key in KEYS[:2])
    published_at = image.published_at
    site_storage.delete(image.key)
    sync("--apply")
    put(site_storage, image.key, jpeg(size=(64, 40)))
    assert found(sync()[1]) == {("file is back", image.key)}
    assert sync("--apply") == (
        0,
        {
            "differences": [{"kind": "file is back", "key": image.key, "detail": ""}],
            "repaired": {"file is back": 1},
            "problems": [],
        },
    )
    image.refresh_from_db()
    assert (image.state, image.width, image.trash_reason, image.trashed_at) == ("serving", 64, "", None)
    assert image.published_at == published_at


def test_an_image_that_a_curator_removed_stays_in_the_trash(site_storage: Any) -> None:
    image = register_image(key=KEYS[0], content=jpeg(), origin="painter")
    Image.objects.all().withdraw()
    put(site_storage, image.key, jpeg(size=(64, 40)))
    sync("--apply")
    assert Image.objects.get().state == "trash"


def test_what_came_back_as_no_picture_stays_in_the_trash(site_storage: Any) -> None:
    image, _other = (register_image(key=key, content=jpeg(), origin="painter") for key in KEYS[:2])
    site_storage.delete(image.key)
    sync("--apply")
    put(site_storage, image.key, b"not a picture")
    code, report = sync("--apply")
    assert (code, [problem["key"] for problem in report["problems"]]) == (1, [image.key])
    assert Image.objects.get(key=image.key).state == "trash"


def test_it_describes_a_changed_file_anew(site_storage: Any) -> None:
    image = register_image(key=KEYS[0], content=jpeg(size=(32, 20)), origin="painter")
    sync("--apply")
    put(site_storage, image.key, jpeg(size=(64, 40)))
    code, report = sync()
    assert (code, found(report)) == (1, {("changed content", image.key)})
    sync("--apply")
    before, image = image.content_hash, Image.objects.get()
    assert (image.width, image.height) == (64, 40)
    assert image.content_hash != before


def test_it_finds_a_change_that_keeps_the_size(site_storage: Any) -> None:
    content = jpeg(size=(32, 20))
    image = register_image(key=KEYS[0], content=content, origin="painter")
    sync("--apply")
    put(site_storage, image.key, content[:-1] + b"?")
    assert found(sync()[1]) == {("changed content", image.key)}


def test_it_finds_a_change_of_a_file_it_never_read(site_storage: Any) -> None:
    image = register_image(key=KEYS[0], content=jpeg(size=(32, 20)), origin="painter")
    put(site_storage, image.key, jpeg(size=(64, 40)))
    sync("--apply")
    assert Image.objects.get().width == 64


def test_it_reads_no_file_twice(site_storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        put(site_storage, key, jpeg())
    sync("--apply")
    assert ImageFile.objects.count() == len(KEYS)
    monkeypatch.setattr("garden.storage.sync._facts_of", None)
    assert sync("--apply")[0] == 0


@pytest.mark.parametrize("key", ["emotions/bored/a.jpeg", "emotions/calm/tab\there.jpeg"])
def test_it_refuses_keys_that_fit_no_layout_and_takes_the_others(site_storage: Any, key: str) -> None:
    put(site_storage, key, jpeg())
    put(site_storage, KEYS[0], jpeg())
    code, report = sync("--apply")
    assert (code, found(report)) == (1, {("refused key", key), ("new file", KEYS[0])})
    assert [image.key for image in Image.objects.all()] == [KEYS[0]]


def test_it_takes_both_of_two_keys_that_differ_in_case_alone(site_storage: Any) -> None:
    for key in ("emotions/calm/A.jpeg", "emotions/calm/a.jpeg"):
        put(site_storage, key, jpeg())
    assert sync("--apply")[0] == 0
    assert {image.key for image in Image.objects.all()} == {"emotions/calm/A.jpeg", "emotions/calm/a.jpeg"}
    assert sync()[0] == 0


def test_it_reports_files_that_are_no_pictures_and_leaves_them(site_storage: Any) -> None:
    put(site_storage, KEYS[0], b"not a picture")
    code, report = sync("--apply")
    assert code == 1
    assert [problem["key"] for problem in report["problems"]] == [KEYS[0]]
    assert site_storage.exists(KEYS[0])
    assert not Image.objects.exists()


def test_it_deletes_small_copies_of_pictures_that_are_gone(site_storage: Any) -> None:
    image = register_image(key=KEYS[0], content=jpeg(), origin="painter")
    for key in (image.key, "emotions/calm/gone.jpeg"):
        put(site_storage, f"derived/320/{key}.webp", b"small")
    assert found(sync()[1]) >= {("orphan", "derived/320/emotions/calm/gone.jpeg.webp")}
    sync("--apply")
    assert site_storage.exists(f"derived/320/{image.key}.webp")
    assert not site_storage.exists("derived/320/emotions/calm/gone.jpeg.webp")


def test_it_looks_at_one_folder_alone_when_asked(site_storage: Any) -> None:
    for key in KEYS:
        put(site_storage, key, jpeg())
    assert found(sync("--folder", "imgPool")[1]) == {("new file", KEYS[2]), ("new file", KEYS[3])}


def test_it_prints_a_table(site_storage: Any) -> None:
    put(site_storage, KEYS[0], jpeg())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("sync_storage", stdout=out)
    assert "new file" in out.getvalue()
    assert KEYS[0] in out.getvalue()


def test_it_counts_as_repaired_what_was_only_read_again(site_storage: Any) -> None:
    """As after a move to another storage, where every file has another tag or time and the same content."""
    image = register_image(key=KEYS[0], content=jpeg(), origin="painter")
    sync("--apply")
    ImageFile.objects.filter(image=image).update(tag="another", modified_at=image.created_at)
    out = StringIO()
    call_command("sync_storage", "--apply", stdout=out)
    assert out.getvalue().splitlines()[0].split() == ["changed", "content", "1", "repaired", "1"]


@pytest.fixture
def bucket(settings: Any, tmp_path: Path, endpoint: str) -> PictureS3Storage:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("bucket", tmp_path, endpoint)}
    settings.STORAGES["default"]["OPTIONS"]["object_parameters"] = {"CacheControl": "public, max-age=60"}
    return cast(PictureS3Storage, default_storage)


def bring(bucket: PictureS3Storage, key: str, content: bytes, **headers: str) -> None:
    """As another tool does."""
    bucket.connection.meta.client.put_object(Bucket=bucket.bucket_name, Key=key, Body=content, **headers)


def test_it_passes_over_the_markers_of_folders(bucket: PictureS3Storage) -> None:
    for folder in ("emotions/", "emotions/calm/", "derived/320/", "imgPool/"):
        bring(bucket, folder, b"")
    bring(bucket, KEYS[0], jpeg())
    assert sync("--apply") == (
        0,
        {
            "differences": [{"kind": "new file", "key": KEYS[0], "detail": ""}],
            "repaired": {"new file": 1},
            "problems": [],
        },
    )
    assert sync()[0] == 0
    assert bucket.connection.meta.client.head_object(Bucket=bucket.bucket_name, Key="derived/320/")


def test_it_sets_the_headers_of_objects_that_other_tools_brought(bucket: PictureS3Storage) -> None:
    bring(bucket, KEYS[0], jpeg())
    put(bucket, KEYS[1], jpeg())
    sync("--apply")
    assert found(sync("--headers")[1]) == {("other headers", KEYS[0])}
    assert sync("--headers", "--apply")[1]["repaired"] == {"other headers": 1}
    assert sync("--headers") == (0, {"differences": [], "repaired": {}, "problems": []})
    facts = bucket.connection.meta.client.head_object(Bucket=bucket.bucket_name, Key=KEYS[0])
    assert (facts["ContentType"], facts["CacheControl"]) == ("image/jpeg", "public, max-age=60")


def test_files_of_a_disk_have_no_headers(settings: Any, tmp_path: Path, endpoint: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_entry("disk", tmp_path, endpoint)}
    with pytest.raises(CommandError, match="needs a bucket"):
        call_command("sync_storage", "--headers")
