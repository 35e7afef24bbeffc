"""`sync_storage` finds every difference between storage and database, and repairs what can be repaired."""

import json
from io import StringIO
from typing import Any

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from garden.models import Image, ImageFile
from garden.services import register_image
from tests.pictures import encode

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


def test_it_only_tells_what_it_finds_unless_it_is_asked_to_apply(site_storage: Any) -> None:
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
    monkeypatch.setattr("garden.storage.sync.repairing.BATCH", 2)
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
    image = register_image(key=KEYS[0], content=jpeg(), origin="painter")
    site_storage.delete(image.key)
    code, report = sync()
    assert (code, found(report)) == (1, {("missing file", image.key)})
    sync("--apply")
    image.refresh_from_db()
    assert image.state == "trash"


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
    monkeypatch.setattr("garden.storage.sync.reading.facts_of", None)
    assert sync("--apply")[0] == 0


@pytest.mark.parametrize("key", ["emotions/bored/a.jpeg", "emotions/calm/tab\there.jpeg"])
def test_it_refuses_keys_that_fit_no_layout_and_takes_the_others(site_storage: Any, key: str) -> None:
    put(site_storage, key, jpeg())
    put(site_storage, KEYS[0], jpeg())
    code, report = sync("--apply")
    assert (code, found(report)) == (1, {("refused key", key), ("new file", KEYS[0])})
    assert [image.key for image in Image.objects.all()] == [KEYS[0]]


def test_it_refuses_the_second_of_two_keys_that_differ_in_case_alone(site_storage: Any) -> None:
    for key in ("emotions/calm/A.jpeg", "emotions/calm/a.jpeg"):
        put(site_storage, key, jpeg())
    _, report = sync("--apply")
    assert found(report) == {("new file", "emotions/calm/A.jpeg"), ("refused key", "emotions/calm/a.jpeg")}


def test_it_tells_files_that_are_no_pictures_and_leaves_them(site_storage: Any) -> None:
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


def test_it_tells_people_in_a_table(site_storage: Any) -> None:
    put(site_storage, KEYS[0], jpeg())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("sync_storage", stdout=out)
    assert "new file" in out.getvalue()
    assert KEYS[0] in out.getvalue()
